import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    # Unusual: both objects are made first. Each runs only when it is awaited.
    one, two = say_after(a, first), say_after(b, second)
    return [await one, await two]


async def together(say_after, a, first, b, second):
    # One task is enough: the other wait is our own.
    other = asyncio.ensure_future(say_after(b, second))
    mine = await say_after(a, first)
    return [mine, await other]
