"""Start, go on, join: water boils in the background while you chop."""

import asyncio


async def cook(boil_water, chop):
    """Boil water while you chop "onions" and then "carrots"; return (water, onions, carrots).

    boil_water() returns the litres, chop(what) returns what has become of it. There is one knife.
    """
    # 1. start the water, without waiting for it
    # 2. chop("onions"), then chop("carrots")
    # 3. wait for the water
    raise NotImplementedError
