# Sofía 🦊
import asyncio


async def read_profile(session):
    await asyncio.create_task(session.login())
    visit_task = asyncio.create_task(session.log_visit())
    profile = await session.read_profile()
    avatar = await session.read_avatar()
    await visit_task
    return profile, avatar
