import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    return [await say_after(delay, what) for delay, what in ((a, first), (b, second))]


async def together(say_after, a, first, b, second):
    async with asyncio.TaskGroup() as group:
        task1 = group.create_task(say_after(a, first))
        task2 = group.create_task(say_after(b, second))
    return [task1.result(), task2.result()]
