from asyncio import gather, get_event_loop


async def collect(fetch, urls):
    return list(await gather(*map(fetch, urls)))


def main_program(fetch, urls):
    loop = get_event_loop()
    task = loop.create_task(collect(fetch, urls))
    loop.run_until_complete(task)
    return task.result()
