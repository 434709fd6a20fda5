import asyncio
import importlib

_second = importlib.import_module("1-high_water")


async def how_often(mark, counts):
    tasks = [asyncio.create_task(_second.high_water(mark, n)) for n in counts]
    return [len(await task) for task in tasks]
