import asyncio
import time

high_water = __import__("1-high_water").high_water


async def three_stations(mark, count):
    """Watch at three stations at the same time; return how many seconds that took."""
    raise NotImplementedError
