GREETINGS = ((1, "hello"), (2, "goodbye"))


async def greet_twice(say_after, name):
    return [await say_after(delay, " ".join((word, name))) for delay, word in GREETINGS]
