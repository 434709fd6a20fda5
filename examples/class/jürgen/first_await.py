async def greet_twice(say_after, name):
    hello = await say_after(1, "hello " + name)
	goodbye = await say_after(2, "goodbye " + name)
    return [hello, goodbye]
