import asyncio


async def read_profile(session):
    await session.login()
    visit = asyncio.create_task(session.log_visit())
    profile = await session.read_profile()
    avatar_task = asyncio.create_task(session.read_avatar())
    avatar = await avatar_task
    await visit
    return profile, avatar
