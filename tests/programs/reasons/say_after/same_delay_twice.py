# reason: none; at most 6
import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    return [await say_after(a, first), await say_after(b, second)]


async def together(say_after, a, first, b, second):
    one = asyncio.create_task(say_after(a, first))
    two = asyncio.create_task(say_after(a, second))
    return [await one, await two]
