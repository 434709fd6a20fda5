from asyncio import run


async def greet_twice(say_after, name):
    def say(delay, word):
        # run it and hand back its answer
        return run(say_after(delay, f"{word} {name}"))

    hello = say(1, "hello")
    goodbye = say(2, "goodbye")
    return [hello, goodbye]
