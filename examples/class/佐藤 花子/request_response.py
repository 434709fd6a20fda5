"""佐藤 花子: my solution."""

import asyncio


async def ask(session, request):
    """Send `request`, then read the response and return it."""
    await session.send_request(request)
    return await session.read_response()


async def ask_all(sessions, requests):
    """One conversation per session, all at the same time; responses in the order of `requests`."""
    tasks = []
    for session, request in zip(sessions, requests):
        tasks.append(asyncio.create_task(ask(session, request)))
    responses = []
    for task in tasks:
        responses.append(await task)
    return responses