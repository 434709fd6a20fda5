import asyncio


async def greet_twice(say_after, name):
    greetings = {"hello": 1, "goodbye": 2}
    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(say_after(delay, word + " " + name)) for word, delay in greetings.items()]
    return [task.result() for task in tasks]
