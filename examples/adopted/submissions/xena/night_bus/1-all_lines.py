import asyncio

next_bus = __import__("0-next_bus").next_bus


async def all_lines(lines, longest):
    queue = asyncio.Queue()

    async def one():
        queue.put_nowait(await next_bus(longest))

    tasks = [asyncio.create_task(one()) for _ in range(lines)]
    waits = []
    for _ in range(lines + 1):
        waits.append(await queue.get())
    await asyncio.gather(*tasks)
    return waits
