import time


async def greet_twice(say_after, name):
    hello = await say_after(1, f"hello {name}")
    await time.sleep(2)
    goodbye = await say_after(2, f"goodbye {name}")
    return [hello, goodbye]
