from asyncio import gather


async def ask(session, request):
    await session.send_request(request)
    response = await session.read_response()
    return response


async def ask_all(sessions, requests):
    talks = (ask(s, r) for s, r in zip(sessions, requests))
    return list(await gather(*talks))


if __name__ == "__main__":
    # try it
    print(await ask_all([], []))
