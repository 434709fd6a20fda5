from asyncio import create_task


async def one_after_the_other(say_after, a, first, b, second) -> tuple:
    one = await say_after(a, first)
    two = await say_after(b, second)
    return one, two


async def together(say_after, a, first, b, second) -> tuple:
    one, two = create_task(say_after(a, first)), create_task(say_after(b, second))
    return await one, await two
