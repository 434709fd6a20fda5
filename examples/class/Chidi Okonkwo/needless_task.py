"""Chidi Okonkwo: my solution."""

import asyncio


async def read_profile(session):
	await session.login()
	await session.log_visit()
	profile = await session.read_profile()
	avatar = await session.read_avatar()
	return profile, avatar


if __name__ == "__main__":
    print("this file is a module")
