async def greet_twice(say_after, name):
    name = input("Who are you? ")
    hello = await say_after(1, f"hello {name}")
    goodbye = await say_after(2, f"goodbye {name}")
    return [hello, goodbye]
