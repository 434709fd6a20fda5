import asyncio

next_bus = __import__("0-next_bus").next_bus


def watcher(longest):
    loop = asyncio.get_event_loop()
    return loop.create_task(next_bus(longest))
