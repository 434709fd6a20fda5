import asyncio


async def one_after_the_other(say_after, a, first, b, second):
    return [await say_after(delay, what) for delay, what in [(a, first), (b, second)]]


async def together(say_after, a, first, b, second):
    tasks = asyncio.create_task(say_after(a, first)), asyncio.create_task(say_after(b, second))
    try:
        said = [await task for task in tasks]
    finally:
        print("both have finished")
    print("said:", said)
