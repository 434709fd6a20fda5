# v2, works on my machine
import asyncio


async def read_profile(session):
	"""Log in; read the profile, then the avatar, with log_visit beside them; return (profile, avatar)."""
	await session.login()

	visit_task = asyncio.create_task(session.log_visit())

	profile = await session.read_profile()
	avatar = await session.read_avatar()

	await visit_task
	return profile, avatar