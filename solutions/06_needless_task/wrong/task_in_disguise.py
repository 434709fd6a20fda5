import asyncio


async def read_profile(session):
    await asyncio.gather(session.login())
    visit = asyncio.create_task(session.log_visit())
    reading = asyncio.create_task(session.read_profile())
    await asyncio.wait([reading])
    picture = asyncio.create_task(session.read_avatar())
    await asyncio.wait([picture])
    await visit
    return reading.result(), picture.result()
