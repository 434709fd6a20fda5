from asyncio import ensure_future, gather


async def ask(session, request):
    sending = ensure_future(session.send_request(request))
    await sending
    # now the answer
    answer = await session.read_response()
    return answer


async def ask_all(sessions, requests):
    answers = await gather(*[ask(sessions[i], requests[i]) for i in range(len(sessions))])
    return answers
