from asyncio import create_task
from time import sleep


async def wait_and_say(say_after, delay, what):
    sleep(delay)
    return await say_after(0, what)


async def one_after_the_other(say_after, a, first, b, second):
    return [await wait_and_say(say_after, a, first), await wait_and_say(say_after, b, second)]


async def together(say_after, a, first, b, second):
    tasks = [create_task(wait_and_say(say_after, *pair)) for pair in ((a, first), (b, second))]
    return [await task for task in tasks]
