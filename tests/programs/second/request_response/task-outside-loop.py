import asyncio

seen = []


async def write_log():
    """Print what has come, every second."""
    while True:
        await asyncio.sleep(1)
        print(seen)


def in_background(coro):
    return asyncio.create_task(coro)


log_task = in_background(write_log())


async def ask(session, request):
    await session.send_request(request)
    response = await session.read_response()
    seen.append(response)
    return response


async def ask_all(sessions, requests):
    return list(await asyncio.gather(*map(ask, sessions, requests)))
