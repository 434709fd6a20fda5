# reason: text-taken-apart; at most 6
import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    said = []
    for delay, what in zip((a, b), (first, second)):
        said += await say_after(delay, what)
    return said


async def together(say_after, a, first, b, second):
    return await asyncio.gather(say_after(a, first), say_after(b, second))
