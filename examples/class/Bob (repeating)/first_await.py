async def greet_twice(say_after, name):
    return await greet_twice(say_after, name)
