import asyncio


async def read_profile(session) -> tuple:
    await session.login()
    visit = asyncio.ensure_future(session.log_visit())
    try:
        profile = await session.read_profile()
        avatar = await session.read_avatar()
        (profile, avatar)
    finally:
        await visit
