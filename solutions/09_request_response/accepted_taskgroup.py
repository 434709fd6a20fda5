import asyncio


async def ask(session, request):
    await session.send_request(request)
    response = await session.read_response()
    return response


async def ask_all(sessions, requests):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(ask(*pair)) for pair in zip(sessions, requests)]
    return [task.result() for task in tasks]
