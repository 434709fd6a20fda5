PLAN = {"hello": 1, "goodbye": 3}  # at second 1, and at second 3


async def greet_twice(say_after, name):
    return [await say_after(delay, f"{word} {name}") for word, delay in PLAN.items()]
