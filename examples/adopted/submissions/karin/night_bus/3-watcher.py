import asyncio

next_bus = __import__("0-next_bus").next_bus


def watcher(longest):
    async def stand_there():
        wait = await next_bus(longest)
        return wait

    task = asyncio.create_task(stand_there(), name="watcher")
    task.add_done_callback(lambda done: print("seen", done.result()))
    return task
