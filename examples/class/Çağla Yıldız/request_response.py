# Çağla Yıldız
import asyncio


async def ask(session, request):
    session.send_request(request)
    response = await session.read_response()
    return response


async def ask_all(sessions, requests):
    result = await asyncio.gather(*[ask(s, r) for s, r in zip(sessions, requests)])
    return result
