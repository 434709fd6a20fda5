async def greet_twice(say_after, name):
    hello = say_after(1, "hello %s" % name)
    goodbye = say_after(2, "goodbye %s" % name)
    # say them
    for coro in (hello, goodbye):
        await coro
    # collect the answers
    return [await hello, await goodbye]
