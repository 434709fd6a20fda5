import asyncio


class Stove:
    """Look at it every now and then."""

    def __init__(self, work):
        self.task = asyncio.create_task(work)

    async def ready(self):
        while True:
            if self.task.done():
                return self.task.result()
            await asyncio.sleep(0.25)


async def cook(boil_water, chop):
    stove = Stove(boil_water())
    onions = await chop("onions")
    carrots = await chop("carrots")
    water = await stove.ready()
    return water, onions, carrots
