import asyncio

next_bus = __import__("0-next_bus").next_bus


async def all_lines(lines, longest):
    loop = asyncio.get_running_loop()
    tasks = [asyncio.Task(next_bus(longest), loop=loop) for _ in range(lines)]
    return [await t for t in asyncio.as_completed(tasks)]
