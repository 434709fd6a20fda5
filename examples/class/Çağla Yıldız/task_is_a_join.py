# Çağla Yıldız
import asyncio


async def cook(boil_water, chop):
    async with asyncio.TaskGroup() as tg:
        water = tg.create_task(boil_water())
        onions = await chop("onions")
        carrots = await chop("carrots")
    return water.result(), onions, carrots
