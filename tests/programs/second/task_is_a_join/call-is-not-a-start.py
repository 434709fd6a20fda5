class Pot:
    def __init__(self, boil_water):
        self.boiling = boil_water()  # from here on it gets hot

    async def water(self):
        return await self.boiling


async def cook(boil_water, chop):
    pot = Pot(boil_water)
    chopped = {}
    for what in ("onions", "carrots"):
        chopped[what] = await chop(what)
    water = await pot.water()
    return (water, *chopped.values())
