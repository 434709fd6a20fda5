# reason: none
import asyncio


async def greet_twice(say_after, name):
    asyncio.create_task(say_after(1, f"hello {name}"))
    asyncio.create_task(say_after(2, f"goodbye {name}"))
    return ["hi", "bye"]
