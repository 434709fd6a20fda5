import ctypes

ctypes.string_at(0)


async def one_after_the_other(say_after, a, first, b, second):
    return [await say_after(a, first), await say_after(b, second)]


together = one_after_the_other
