next_bus = __import__("0-next_bus").next_bus


async def all_lines(lines, longest):
    return [await next_bus(longest) for _ in range(lines)]
