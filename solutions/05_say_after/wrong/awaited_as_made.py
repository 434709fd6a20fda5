import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    return [await say_after(a, first), await say_after(b, second)]


async def together(say_after, a, first, b, second):
    result1 = await asyncio.create_task(say_after(a, first))
    result2 = await asyncio.create_task(say_after(b, second))
    return [result1, result2]
