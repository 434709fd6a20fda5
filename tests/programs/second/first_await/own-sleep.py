import asyncio


async def say(delay: float, what: str) -> str:
    await asyncio.sleep(delay)
    print(what)
    return what


async def greet_twice(say_after, name: str) -> list[str]:
    return [await say(seconds, f"{word} {name}") for seconds, word in ((1, "hello"), (2, "goodbye"))]
