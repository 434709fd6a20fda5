import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    results = []
    results += await say_after(a, first)
    results += await say_after(b, second)
    return results


async def together(say_after, a, first, b, second):
    return await asyncio.gather(say_after(a, first), say_after(b, second))
