import asyncio


async def ask(session, request):
    await session.send_request(request)
    return await session.read_response()


def together(coros):
    async def main():
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(coro) for coro in coros]
        return [task.result() for task in tasks]

    return asyncio.run(main())


async def ask_all(sessions, requests):
    return together([ask(s, r) for s, r in zip(sessions, requests)])
