import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    async with asyncio.TaskGroup() as tg:
        x = tg.create_task(say_after(a, first))
        y = tg.create_task(say_after(b, second))
    return [x.result(), y.result()]


async def together(say_after, a, first, b, second):
    async with asyncio.TaskGroup() as tg:
        x = tg.create_task(say_after(a, first))
        y = tg.create_task(say_after(b, second))
    return [x.result(), y.result()]
