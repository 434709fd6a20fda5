# reason: delay-from-the-start; at most 6
async def one_after_the_other(say_after, a, first, b, second):
    one = await say_after(a, first)
    two = await say_after(a + b, second)
    return [one, two]


async def together(say_after, a, first, b, second):
    import asyncio

    return list(await asyncio.gather(say_after(a, first), say_after(b, second)))
