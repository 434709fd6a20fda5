# reason: none
async def read_profile(session):
    await session.login()
    profile = await session.read_profile()
    avatar = await session.read_avatar()
    return profile, avatar
