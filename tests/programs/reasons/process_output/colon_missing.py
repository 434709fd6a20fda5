# reason: none
import asyncio


async def collect(commands)
    return []
