# თამარ ბერიძე
import asyncio

async def read_profile(session):
    await session.login()
    visit = asyncio.ensure_future(session.log_visit())
    try:
        return await session.read_profile(), await session.read_avatar()
    finally:
        await visit
