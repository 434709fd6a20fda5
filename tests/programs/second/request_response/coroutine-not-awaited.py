import asyncio


async def ask(session, request):
    sent = session.send_request(request)
    if sent:
        response = await session.read_response()
    else:
        response = None
    return response


async def ask_all(sessions, requests):
    async with asyncio.TaskGroup() as tg:
        talks = [tg.create_task(ask(s, r)) for s, r in zip(sessions, requests)]
    return [t.result() for t in talks]
