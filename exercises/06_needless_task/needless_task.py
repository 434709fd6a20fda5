"""The needless task: this program works. Three of its four tasks are needless; take them out."""

import asyncio


async def read_profile(session):
    """Log in; read the profile, then the avatar, with log_visit beside them; return (profile, avatar)."""
    login_task = asyncio.create_task(session.login())
    await login_task

    visit_task = asyncio.create_task(session.log_visit())

    profile_task = asyncio.create_task(session.read_profile())
    profile = await profile_task

    avatar_task = asyncio.create_task(session.read_avatar())
    avatar = await avatar_task

    await visit_task
    return profile, avatar
