import asyncio as aio
from asyncio import TaskGroup


async def one_after_the_other(say_after, a, first, b, second):
    said = []
    for delay, what in ((a, first), (b, second)):
        said.append(await say_after(delay, what))
    return said


async def together(say_after, a, first, b, second):
    tasks: list[aio.Task] = []
    async with TaskGroup() as group:
        for delay, what in ((a, first), (b, second)):
            tasks.append(group.create_task(say_after(delay, what)))
    # take them off again
    return [tasks.pop().result(), tasks.pop().result()]
