import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    x = await say_after(a, first)
    print("first done:", x)
    y = await say_after(b, second)
    print("second done:", y)
    return [x, y]


async def together(say_after, a, first, b, second):
    # the second one in the background, the first one here
    background = asyncio.create_task(say_after(b, second))
    x = await say_after(a, first)
    y = await background
    return [x, y]
