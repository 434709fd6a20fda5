async def say(say_after, delay, word, name):
    return await say_after(delay, f"{word} {name}")


async def greet_twice(say_after, name):
    answers = []
    answers.append(await say(say_after, 1, "hello", name))
    answers.append(await say(say_after, 2, "goodbye", name))
    return answers
