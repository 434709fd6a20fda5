from time import sleep


async def greet_twice(say_after, name):
    answers = []
    for delay, word in ((1, "hello"), (2, "goodbye")):
        answers.append(await say_after(delay, f"{word} {name}"))
        sleep(delay)
    return answers
