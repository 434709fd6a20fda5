async def read_profile(session):
    # no tasks at all
    for step in (session.login, session.log_visit):
        await step()
    return await session.read_profile(), await session.read_avatar()
