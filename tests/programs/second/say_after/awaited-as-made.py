import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    said = await say_after(a, first)
    return [said, await say_after(b, second)]


async def together(say_after, a, first, b, second):
    results = []
    async with asyncio.TaskGroup() as group:
        for delay, what in ((a, first), (b, second)):
            task = group.create_task(say_after(delay, what))
            results.append(await task)
    return results
