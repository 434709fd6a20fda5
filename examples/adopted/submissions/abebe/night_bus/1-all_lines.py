import asyncio

next_bus = __import__('0-next_bus').next_bus


async def all_lines(lines, longest):
    waits = []

    def arrived(task):
        waits.append(task.result())

    tasks = []
    for _ in range(lines):
        task = asyncio.create_task(next_bus(longest))
        task.add_done_callback(arrived)
        tasks.append(task)
    await asyncio.wait(tasks)
    return waits
