# reason: both-at-once
import asyncio


async def greet_twice(say_after, name):
    return await asyncio.gather(say_after(1, f"hello {name}"), say_after(3, f"goodbye {name}"))
