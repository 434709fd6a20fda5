# reason: none
import asyncio


async def read_profile(session):
    await session.login()
    visit = asyncio.create_task(session.log_visit())
    await asyncio.sleep(20)
    profile = await session.read_profile()
    avatar = await session.read_avatar()
    await visit
    return profile, avatar
