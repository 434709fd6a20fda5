import asyncio


async def next_bus(longest):
    await asyncio.sleep(longest)
    return longest


def watcher(longest):
    return asyncio.create_task(next_bus(longest))
