import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    print(await say_after(a, first))
    print(await say_after(b, second))


async def together(say_after, a, first, b, second):
    await asyncio.gather(say_after(a, first), say_after(b, second))
