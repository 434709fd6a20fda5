import asyncio

next_bus = __import__("0-next_bus").next_bus


async def passenger(queue, longest):
    await queue.put(await next_bus(longest))


async def all_lines(lines, longest):
    queue = asyncio.Queue()
    people = [asyncio.create_task(passenger(queue, longest)) for _ in range(lines)]
    waits = [await queue.get() for _ in range(lines)]
    await asyncio.gather(*people)
    return waits
