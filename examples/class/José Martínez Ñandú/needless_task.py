from asyncio import TaskGroup


async def read_profile(session):
  await session.login()
  async with TaskGroup() as tg:
    tg.create_task(session.log_visit())
    profile = await session.read_profile()
    avatar = await session.read_avatar()
  return profile, avatar
