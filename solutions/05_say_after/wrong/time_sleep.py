import time


async def one_after_the_other(say_after, a, first, b, second):
    time.sleep(a)
    time.sleep(b)
    return [first, second]


async def together(say_after, a, first, b, second):
    time.sleep(max(a, b))
    return [first, second]
