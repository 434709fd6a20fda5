import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    x = await say_after(a, first)
    y = await say_after(b, second)
    return [x, y]


async def together(say_after, a, first, b, second):
    loop = asyncio.get_running_loop()
    tasks = [loop.create_task(say_after(b, second)), loop.create_task(say_after(a, first))]
    await asyncio.wait(tasks)
    return [task.result() for task in reversed(tasks)]
