# Sofía 🦊
import asyncio


async def cook(boil_water, chop):
    onions = await chop("onions")
    carrots = await chop("carrots")
    task = asyncio.create_task(boil_water())
    water = await task
    return water, onions, carrots
