import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    return [await say_after(a, first), await say_after(b, second)]


async def together(say_after, a, first, b, second):
    tasks = [asyncio.create_task(say_after(delay, what)) for delay, what in [(a, first), (b, second)]]
    answers = []
    for task in tasks:
        answers.extend(await task)
    return answers
