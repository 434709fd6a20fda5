import asyncio


async def greet_twice(say_after, name):
    await asyncio.sleep(1)
    first = f"hello {name}"
    await asyncio.sleep(2)
    second = f"goodbye {name}"
    return [first, second]
