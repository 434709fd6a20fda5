import asyncio

async def fetch_both(get, url1: str, url2: str) -> tuple[str, str]:
	loop = asyncio.get_running_loop()
	tasks = [loop.create_task(get(u)) for u in (url1, url2)]
	done, pending = await asyncio.wait(tasks, return_when=asyncio.ALL_COMPLETED)
	assert not pending
	return tasks[0].result(), tasks[1].result()
