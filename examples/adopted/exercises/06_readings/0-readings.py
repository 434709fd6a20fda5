import asyncio
import random


async def readings(count):
    """`count` levels from 0 to 10, one each second."""
    raise NotImplementedError
    yield
