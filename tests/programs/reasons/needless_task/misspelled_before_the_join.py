# reason: none
async def read_profile(session):
    await session.login()
    visit = session.log_visit()
    profile = await session.read_profil()
    avatar = await session.read_avatar()
    await visit
    return profile, avatar
