import asyncio


async def ask(session, request):
    await session.send_request(request)
    return await session.read_response()


async def ask_all(sessions, requests):
    answers = {}

    async def talk(i):
        answers[i] = await ask(sessions[i], requests[i])

    coros = []
    for i in range(len(sessions)):
        coros.append(talk(i))
    await asyncio.gather(*coros)
    return [answers[i] for i in range(len(sessions))]
