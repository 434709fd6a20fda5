async def greet_twice(say_after, name):
    hello = await say_after(1, f"hello {name}")
    # wait until it is said
    while True:
        pass
    return [hello, await say_after(2, f"goodbye {name}")]
