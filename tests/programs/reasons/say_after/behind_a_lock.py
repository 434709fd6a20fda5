# reason: none
import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    return [await say_after(a, first), await say_after(b, second)]


async def together(say_after, a, first, b, second):
    mouth = asyncio.Semaphore(1)

    async def say(delay, what):
        async with mouth:
            return await say_after(delay, what)

    return await asyncio.gather(say(a, first), say(b, second))
