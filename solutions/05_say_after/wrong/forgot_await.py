import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    say_after(a, first)
    say_after(b, second)
    return [first, second]


async def together(say_after, a, first, b, second):
    task1 = asyncio.create_task(say_after(a, first))
    task2 = asyncio.create_task(say_after(b, second))
    return [await task1, await task2]
