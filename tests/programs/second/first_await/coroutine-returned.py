"""Greetings."""


async def greet(say_after, delay, word, name):
    """Say one thing."""
    return say_after(delay, "{} {}".format(word, name))


async def greet_twice(say_after, name):
    """Say two things."""
    answers = []
    for delay, word in [(1, "hello"), (2, "goodbye")]:
        answers.append(await greet(say_after, delay, word, name))
    return answers
