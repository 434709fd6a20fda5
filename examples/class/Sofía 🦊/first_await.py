# Sofía 🦊
async def greet_twice(say_after, name):
    hello = say_after(1, f"hello {name}")
    goodbye = say_after(2, f"goodbye {name}")
    return [hello, goodbye]
