async def read_profile(session):
    await session.login()
    visit = session.log_visit()  # goes on beside the rest
    found = []
    for read in (session.read_profile, session.read_avatar):
        found.append(await read())
    return tuple(found)
