# reason: run-inside-running-loop
import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    return [await say_after(a, first), await say_after(b, second)]


async def together(say_after, a, first, b, second):
    both = asyncio.gather(say_after(a, first), say_after(b, second))
    return asyncio.get_event_loop().run_until_complete(both)
