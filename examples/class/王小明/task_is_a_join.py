import asyncio


async def cook(boil_water, chop):
    boiling = asyncio.ensure_future(boil_water())
    chopped = {}
    for what in ["onions", "carrots"]:
        chopped[what] = await chop(what)
    return await boiling, chopped["onions"], chopped["carrots"]


if __name__ == "__main__":
    print("this file is a module")
