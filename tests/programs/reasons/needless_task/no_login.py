# reason: everything-at-once
import asyncio


async def read_profile(session):
    visit = asyncio.create_task(session.log_visit())
    profile = await session.read_profile()
    avatar = await session.read_avatar()
    await visit
    return profile, avatar
