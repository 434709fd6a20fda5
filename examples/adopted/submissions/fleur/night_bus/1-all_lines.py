import asyncio

next_bus = __import__("0-next_bus").next_bus


async def all_lines(lines, longest):
    waits = await asyncio.gather(*[next_bus(longest) for i in range(lines)])
    for i in range(1, len(waits)):
        key = waits[i]
        j = i - 1
        while j >= 0 and waits[j] > key:
            waits[j + 1] = waits[j]
            j -= 1
        waits[j + 1] = key
    return waits
