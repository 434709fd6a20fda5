import asyncio


async def ask(session, request):
    await session.send_request(request)
    response = await session.read_response()
    return response


async def ask_all(sessions, requests):
    async def later(number, session, request):
        await asyncio.sleep(number * 0.25)  # not all at the same moment
        return await ask(session, request)

    talks = [later(number, *pair) for number, pair in enumerate(zip(sessions, requests))]
    return list(await asyncio.gather(*talks))
