from asyncio import create_task, gather


async def run(coro):
    """Put it on the loop and wait for the outcome."""
    return await create_task(coro)


async def one_after_the_other(say_after, a, first, b, second):
    words = []
    for seconds, word in [(a, first), (b, second)]:
        words.append(await run(say_after(seconds, word)))
    return words


async def together(say_after, a, first, b, second):
    return list(await gather(say_after(a, first), say_after(b, second)))
