import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    return [await say_after(delay, what) for delay, what in zip((a, b), (first, second))]


async def together(say_after, a, first, b, second):
    def loud(text: str) -> str:
        return text.upper() + "!"

    said = await asyncio.gather(*map(say_after, (a, b), (first, second)))
    return [loud(text) for text in said]
