import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    await asyncio.sleep(a)
    print(first)
    await asyncio.sleep(b)
    print(second)
    return [first, second]


async def together(say_after, a, first, b, second):
    await asyncio.gather(asyncio.sleep(a), asyncio.sleep(b))
    return [first, second]
