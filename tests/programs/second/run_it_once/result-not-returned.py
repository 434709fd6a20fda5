import asyncio as aio


async def collect(fetch, urls):
    async with aio.TaskGroup() as group:
        tasks = {number: group.create_task(fetch(url)) for number, url in enumerate(urls)}
    return [tasks[number].result() for number in sorted(tasks)]


def main_program(fetch, urls):
    try:
        texts = aio.run(collect(fetch, urls))
        print(*texts, sep="\n")
    finally:
        print("finished")
