import asyncio


async def ask(session, request):
    await session.send_request(request)
    return (await session.read_response())


async def ask_all(sessions, requests):
    replies = {}
    for number, session in enumerate(sessions):
        task = asyncio.create_task(ask(session, requests[number]))  # runs in the background
        replies[number] = await task
    return list(replies.values())
