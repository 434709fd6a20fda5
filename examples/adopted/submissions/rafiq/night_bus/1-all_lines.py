import asyncio

next_bus = __import__("0-next_bus").next_bus


async def all_lines(lines, longest):
    return [await came for came in asyncio.as_completed([next_bus(longest) for _ in range(lines)])]


def try_it():
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(all_lines(3, 4))
    finally:
        loop.close()


EXAMPLE = try_it()
