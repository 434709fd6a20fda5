import asyncio


# Unusual: the reading is the task, and log_visit is awaited in the foreground.
async def read(session):
    return await session.read_profile(), await session.read_avatar()


async def read_profile(session):
    await session.login()
    reading = asyncio.ensure_future(read(session))
    await session.log_visit()
    return await reading
