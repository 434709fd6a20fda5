from asyncio import create_task


async def ask(session, request):
    send, read = session.send_request, session.read_reponse
    await send(request)
    return await read()


async def ask_all(sessions, requests):
    tasks = [create_task(ask(s, r)) for s, r in zip(sessions, requests)]
    return [await task for task in tasks]
