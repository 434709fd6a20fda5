import asyncio


async def greet_twice(say_after, name):
    return await asyncio.gather(say_after(1, f"hello {name}"), say_after(2, f"goodbye {name}"))
