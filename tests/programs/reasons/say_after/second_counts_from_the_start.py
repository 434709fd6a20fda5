# reason: tasks-where-sequence-asked
import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    return await asyncio.gather(say_after(a, first), say_after(a + b, second))


async def together(say_after, a, first, b, second):
    return await asyncio.gather(say_after(a, first), say_after(b, second))
