from asyncio import gather


async def read_profile(session):
    """Log in; read the profile and the avatar, as fast as possible."""
    steps = (session.login, session.log_visit, session.read_profile, session.read_avatar)
    results = await gather(*[step() for step in steps])
    return tuple(results[2:])
