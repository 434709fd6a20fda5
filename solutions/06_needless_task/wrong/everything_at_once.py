import asyncio


async def read_profile(session):
    _, _, profile, avatar = await asyncio.gather(
        session.login(), session.log_visit(), session.read_profile(), session.read_avatar()
    )
    return profile, avatar
