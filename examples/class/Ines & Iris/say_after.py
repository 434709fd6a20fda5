import asyncio

async def one_after_the_other(say_after, a, first, b, second):
    r1 = await say_after(a, first)
    r2 = await say_after(b, second)
    return [r1, r2]

async def together(say_after, a, first, b, second):
    task1 = asyncio.create_task(say_after(a, first))
    task2 = asyncio.create_task(say_after(b, second))
    r1 = await task1
    r2 = await task2
    return [r1, r2]


name = input("press return ")
