import asyncio


async def read_profile(session):
    """Log in; read the profile, then the avatar, with log_visit beside them; return (profile, avatar)."""
    await session.login()
    async with asyncio.TaskGroup() as tg:
        tg.create_task(session.log_visit())
        profile = await session.read_profile()
        avatar = await tg.create_task(session.read_avatar())
    return profile, avatar
