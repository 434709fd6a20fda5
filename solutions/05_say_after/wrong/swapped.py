import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    x = await say_after(a, first)
    y = await say_after(b, second)
    return [y, x]


async def together(say_after, a, first, b, second):
    return await asyncio.gather(say_after(b, second), say_after(a, first))
