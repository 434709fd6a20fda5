# v2, works on my machine
from asyncio import TaskGroup


async def ask(session, request):
	await session.send_request(request)
	return await session.read_response()


async def ask_all(sessions, requests):
	async with TaskGroup() as tg:
		tasks = [tg.create_task(ask(s, r)) for s, r in zip(sessions, requests, strict=True)]
	return [t.result() for t in tasks]