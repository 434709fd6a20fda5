import asyncio


async def read_profile(session):
    await session.login()
    async with asyncio.TaskGroup() as background:
        background.create_task(session.log_visit())
    profile = await session.read_profile()
    avatar = await session.read_avatar()
    return profile, avatar
