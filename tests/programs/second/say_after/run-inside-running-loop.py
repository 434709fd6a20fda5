import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    said = []
    for delay, what in ((a, first), (b, second)):
        said.append(await say_after(delay, what))
    return said


async def together(say_after, a, first, b, second):
    loop = asyncio.get_event_loop()
    both = asyncio.gather(say_after(a, first), say_after(b, second))
    return loop.run_until_complete(both)
