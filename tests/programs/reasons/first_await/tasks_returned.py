# reason: none
import asyncio


async def greet_twice(say_after, name):
    hello = asyncio.create_task(say_after(1, f"hello {name}"))
    await hello
    goodbye = asyncio.create_task(say_after(2, f"goodbye {name}"))
    await goodbye
    return [hello, goodbye]
