async def greet_twice(say_after, name):
    texts = enumerate(("hello", "goodbye"), start=1)
    return [await say_after(seconds, f"{word} {name}") for seconds, word in texts]
