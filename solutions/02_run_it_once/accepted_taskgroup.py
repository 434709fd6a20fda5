import asyncio


async def collect(fetch, urls):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(fetch(url)) for url in urls]
    return [task.result() for task in tasks]


def main_program(fetch, urls):
    async def main():
        return await collect(fetch, urls)

    return asyncio.run(main())
