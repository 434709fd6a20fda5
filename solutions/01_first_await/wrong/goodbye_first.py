async def greet_twice(say_after, name):
    goodbye = await say_after(2, f"goodbye {name}")
    hello = await say_after(1, f"hello {name}")
    return [hello, goodbye]
