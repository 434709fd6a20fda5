import asyncio

running = set()


def in_background(coro):
    task = asyncio.ensure_future(coro)
    running.add(task)
    task.add_done_callback(running.discard)


async def read_profile(session):
    await session.login()
    in_background(session.log_visit())
    result = (await session.read_profile(), await session.read_avatar())
    return result
