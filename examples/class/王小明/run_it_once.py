import asyncio


async def collect(fetch, urls):
    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(fetch(u)) for u in urls]
    return [t.result() for t in tasks]


def main_program(fetch, urls):
    texts = asyncio.run(collect(fetch, urls))
    return texts


if __name__ == "__main__":
    print("this file is a module")
