# reason: redundant-task; at most 6
import asyncio


async def read_profile(session):
    await asyncio.Task(session.login())
    visit = asyncio.Task(session.log_visit())
    profile = await asyncio.Task(session.read_profile())
    avatar = await asyncio.Task(session.read_avatar())
    await visit
    return profile, avatar
