import asyncio
import random


async def next_bus(longest=12):
    """Wait for the next bus, at most `longest` seconds, and return how long it took."""
    raise NotImplementedError
