"""佐藤 花子: my solution."""

from asyncio import TaskGroup


async def one_after_the_other(say_after, a, first, b, second):
    out = []
    for delay, what in ((a, first), (b, second)):
        out.append(await say_after(delay, what))
    return out


async def together(say_after, a, first, b, second):
    async with TaskGroup() as g:
        ts = [g.create_task(say_after(d, w)) for d, w in ((a, first), (b, second))]
    return [t.result() for t in ts]