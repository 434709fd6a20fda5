# reason: task-object-returned
import asyncio


async def cook(boil_water, chop):
    water = asyncio.create_task(boil_water())
    onions = asyncio.create_task(chop("onions"))
    await onions
    carrots = asyncio.create_task(chop("carrots"))
    await carrots
    return await water, onions, carrots
