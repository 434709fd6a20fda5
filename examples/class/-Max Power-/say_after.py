def one_after_the_other(say_after, a, first, b, second):
    x = await say_after(a, first)
    y = await say_after(b, second)
    return [x, y]


def together(say_after, a, first, b, second):
    return [await say_after(a, first), await say_after(b, second)]
