async def greet_twice(say_after, name):
    first = await say_after(1, f"hello {name}")
    second = await say_after(3, f"goodbye {name}")
    return [first, second]
