import asyncio as aio

background = set()


async def one_after_the_other(say_after, a, first, b, second):
    return [await say_after(a, first), await say_after(b, second)]


async def together(say_after, a, first, b, second):
    loop = aio.get_running_loop()
    for what, delay in [(first, a), (second, b)]:
        t = loop.create_task(say_after(delay, what))
        background.add(t)
        t.add_done_callback(background.discard)
    return [first, second]
