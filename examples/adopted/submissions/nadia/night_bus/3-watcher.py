import asyncio

watcher = lambda longest: asyncio.create_task(__import__("0-next_bus").next_bus(longest))
