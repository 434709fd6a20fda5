"""佐藤 花子: my solution."""

import asyncio


async def cook(boil_water, chop):
    water_task = asyncio.create_task(boil_water())
    onions = await chop("onions")
    carrots = await chop("carrots")
    water = await water_task
    return water, onions, carrots