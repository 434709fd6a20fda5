# reason: none
async def greet_twice(say_after, name):
    hello = say_after(1, f"hello {name}")
    goodbye = sayafter(2, f"goodbye {name}")
    return [await hello, await goodbye]
