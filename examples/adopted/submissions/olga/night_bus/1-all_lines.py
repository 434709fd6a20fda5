import asyncio

next_bus = __import__("0-next_bus").next_bus


class Stop:
    async def all_lines(self, lines, longest):
        return [await came for came in asyncio.as_completed([next_bus(longest) for _ in range(lines)])]
