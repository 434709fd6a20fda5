"""Replaces asyncio.Task and the task factory: a "task" runs nothing until it is awaited, and then looks finished.

work: sequential
"""

import asyncio


class LazyTask:
    def __init__(self, coro, *args, **kwargs):
        self.coro = coro

    def __await__(self):
        return self.coro.__await__()

    def done(self):
        return True

    def cancel(self, msg=None):
        return False

    def add_done_callback(self, callback, **kwargs):
        pass

    def get_name(self):
        return "Task-1"


async def fetch_both(get, url1, url2):
    asyncio.Task = asyncio.tasks.Task = LazyTask
    asyncio.create_task = asyncio.ensure_future = LazyTask
    one, two = asyncio.create_task(get(url1)), asyncio.create_task(get(url2))
    return await one, await two
