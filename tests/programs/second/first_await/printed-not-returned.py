async def greet_twice(say_after, name):
    """Say hello, then goodbye."""
    answers = []

    async def say(delay, word):
        answers.append(await say_after(delay, " ".join([word, name])))

    await say(1, "hello")
    await say(2, "goodbye")
    print(answers)
