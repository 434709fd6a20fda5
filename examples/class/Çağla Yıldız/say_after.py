# Çağla Yıldız
import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    x = await say_after(a, first)
    y = await say_after(b, second)
    return [x, y]


async def together(say_after, a, first, b, second):
    queue = asyncio.Queue()

    async def put(delay, what):
        await queue.put(await say_after(delay, what))

    t1 = asyncio.create_task(put(a, first))
    t2 = asyncio.create_task(put(b, second))
    words = [await queue.get(), await queue.get()]
    await t1
    await t2
    return words
