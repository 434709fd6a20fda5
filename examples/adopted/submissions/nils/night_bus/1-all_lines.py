import sys
sys.path.append(".")
first = __import__("0-next_bus")
asyncio = first.asyncio


async def all_lines(lines, longest):
    tasks = [asyncio.create_task(first.next_bus(longest)) for _ in range(lines)]
    return [await task for task in asyncio.as_completed(tasks)]
