async def greet_twice(say_after, name):
    async def say(seconds, greeting):
        sentence = greeting + " " + name
        say_after(seconds, sentence)
        return sentence

    hello = await say(1, "hello")
    goodbye = await say(2, "goodbye")
    return [hello, goodbye]
