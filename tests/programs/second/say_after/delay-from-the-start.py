import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    # second is to be said at a + b
    said = []
    elapsed = 0
    for delay, what in ((a, first), (b, second)):
        elapsed += delay
        said.append(await say_after(elapsed, what))
    return said


async def together(say_after, a, first, b, second):
    one = asyncio.create_task(say_after(a, first))
    two = asyncio.create_task(say_after(b, second))
    return [await one, await two]
