import asyncio


async def ask(session, request):
    results = await asyncio.gather(session.send_request(request), session.read_response())
    return results[1]


async def ask_all(sessions, requests):
    tasks = [asyncio.create_task(ask(s, r)) for s, r in zip(sessions, requests)]
    return await asyncio.gather(*tasks)


if __name__ == "__main__":
    print("this file is a module")
