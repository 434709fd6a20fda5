from asyncio import TaskGroup


async def one_after_the_other(say_after, a, first, b, second):
    # say the first one, then the second one
    said = []
    for delay, what in ((a, first), (b, second)):
        said.append(say_after(delay, what))
    return said


async def together(say_after, a, first, b, second):
    async with TaskGroup() as group:
        one = group.create_task(say_after(a, first))
        two = group.create_task(say_after(b, second))
    return [one.result(), two.result()]
