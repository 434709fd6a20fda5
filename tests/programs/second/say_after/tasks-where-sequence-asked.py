import asyncio


async def both(say_after, *pairs) -> list:
    tasks = [asyncio.ensure_future(say_after(delay, what)) for delay, what in pairs]
    done = []
    for task in tasks:
        done.append(await task)
    return done


async def one_after_the_other(say_after, a: float, first: str, b: float, second: str) -> list:
    # tasks are awaited in order, so this is in order
    return await both(say_after, (a, first), (b, second))


async def together(say_after, a: float, first: str, b: float, second: str) -> list:
    return await both(say_after, (a, first), (b, second))
