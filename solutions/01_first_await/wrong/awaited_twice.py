async def greet_twice(say_after, name):
    greeting = say_after(1, f"hello {name}")
    first = await greeting
    second = await greeting
    return [first, second]
