"""Chidi Okonkwo: my solution."""

import asyncio


async def ask(session, request):
	await session.send_request(request)
	return await session.read_response()


async def ask_all(sessions, requests):
	return [await ask(session, request) for session, request in zip(sessions, requests)]


if __name__ == "__main__":
    print("this file is a module")
