from asyncio import TaskGroup


async def one_after_the_other(say_after, a, first, b, second):
    result1 = await say_after(a, first)
    result2 = await say_after(b, second)
    return [result1, result2]


async def together(say_after, a, first, b, second):
    said = []
    async with TaskGroup() as group:
        for delay, what in zip((a, b), (first, second)):
            said.append(group.create_task(say_after(delay, what)))
    # here both have finished
    return said
