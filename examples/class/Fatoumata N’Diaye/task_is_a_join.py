# Fatoumata N’Diaye
import asyncio


async def cook(boil_water, chop):
    boiling = asyncio.ensure_future(boil_water())
    chopped = {}
    for what in ["onions", "carrots"]:
        chopped[what] = await chop(what)
    return await boiling, chopped["onions"], chopped["carrots"]
