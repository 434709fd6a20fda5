# 김민준
import asyncio


class Speaker:
    def __init__(self, say_after):
        self.say_after = say_after

    async def say(self, delay, what):
        return await self.say_after(delay, what)


async def one_after_the_other(say_after, a, first, b, second):
    speaker = Speaker(say_after)
    x = await speaker.say(a, first)
    y = await speaker.say(b, second)
    return [x, y]


async def together(say_after, a, first, b, second):
    speaker = Speaker(say_after)
    tasks = [asyncio.ensure_future(speaker.say(a, first)), asyncio.ensure_future(speaker.say(b, second))]
    await asyncio.wait(tasks)
    return [task.result() for task in tasks]
