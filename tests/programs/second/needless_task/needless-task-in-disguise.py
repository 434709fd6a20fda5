import asyncio as aio


async def read_profile(session):
    async with aio.TaskGroup() as tg:
        tg.create_task(session.login())

    visit = aio.create_task(session.log_visit(), name="visit")

    [profile] = await aio.gather(session.read_profile())

    done, _ = await aio.wait({aio.create_task(session.read_avatar())})
    avatar = done.pop().result()

    await visit
    return profile, avatar
