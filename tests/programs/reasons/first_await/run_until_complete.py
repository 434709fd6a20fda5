# reason: run-inside-running-loop
import asyncio


async def greet_twice(say_after, name):
    loop = asyncio.get_event_loop()
    return [loop.run_until_complete(say_after(1, f"hello {name}")), loop.run_until_complete(say_after(2, f"goodbye {name}"))]
