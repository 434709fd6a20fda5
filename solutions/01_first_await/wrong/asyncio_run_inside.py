import asyncio


async def greet_twice(say_after, name):
    first = asyncio.run(say_after(1, f"hello {name}"))
    second = asyncio.run(say_after(2, f"goodbye {name}"))
    return [first, second]
