import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    answer = [await say_after(a, first)]
    answer += [await say_after(b, second)]
    return answer


async def together(say_after, a, first, b, second):
    """Both at once, collected in a list."""
    heard = []

    async def listen(delay, what):
        heard.append(await say_after(delay, what))

    async with asyncio.TaskGroup() as tg:
        tg.create_task(listen(a, first))
        tg.create_task(listen(b, second))
    return heard
