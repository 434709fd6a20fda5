import asyncio


async def read(session):
    profile = await session.read_profile()
    return profile, await session.read_avatar()


async def read_profile(session):
    await session.login()
    _, both = await asyncio.gather(session.log_visit(), read(session))
    return both
