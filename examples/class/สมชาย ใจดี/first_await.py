async def greet_twice(say_after, name):
    hello = say_after(1, f"hello {name}")
    print(await hello)
    goodbye = say_after(2, f"goodbye {name}")
    print(await goodbye)
    a = await hello
    b = await goodbye
    return [a, b]
