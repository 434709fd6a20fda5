async def one_after_the_other(say_after, a, first, b, second):
    yield await say_after(a, first)
    yield await say_after(b, second)


async def together(say_after, a, first, b, second):
    yield await say_after(a, first)
    yield await say_after(b, second)
