# Zoë van der Berg
async def one_after_the_other(say_after, a, first, b, second):
    x = await say_after(a, first)
    y = await say_after(b, second)
    return [x, y]


async def together(say_after, a, first, b, second):
    # async functions run in parallel anyway
    return await one_after_the_other(say_after, a, first, b, second)
