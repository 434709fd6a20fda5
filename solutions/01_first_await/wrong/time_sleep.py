import time


async def greet_twice(say_after, name):
    time.sleep(1)
    hello = await say_after(1, f"hello {name}")
    time.sleep(2)
    goodbye = await say_after(2, f"goodbye {name}")
    return [hello, goodbye]
