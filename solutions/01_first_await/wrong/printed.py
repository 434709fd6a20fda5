async def greet_twice(say_after, name):
    print(await say_after(1, f"hello {name}"))
    print(await say_after(2, f"goodbye {name}"))
