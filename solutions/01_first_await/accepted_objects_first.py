# Unusual: both coroutine objects are made at the start. Nothing runs until each is awaited, so the order is right.
async def greet_twice(say_after, name):
    hello = say_after(1, "hello " + name)
    goodbye = say_after(2, "goodbye " + name)
    return [await hello, await goodbye]
