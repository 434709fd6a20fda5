import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    x = await say_after(a, first)
    y = await say_after(b, second)
    return [x, y]


async def together(say_after, a, first, b, second):
    results = []
    for finished in asyncio.as_completed([say_after(a, first), say_after(b, second)]):
        results.append(await finished)
    return results
