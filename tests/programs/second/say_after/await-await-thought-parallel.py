import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    result1 = await say_after(a, first)
    print("said", result1)
    result2 = await say_after(b, second)
    print("said", result2)
    return [result1, result2]


async def together(say_after, a, first, b, second):
    # await lets the other one run meanwhile
    return [await say_after(d, w) for d, w in zip([a, b], [first, second])]
