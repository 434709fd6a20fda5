from asyncio import create_task, gather


async def collect(fetch, urls) -> list:
    pages = list(map(fetch, urls))
    return list(await gather(*pages))


async def main_program(fetch, urls) -> list:
    """The whole program."""
    program = create_task(collect(fetch, urls))
    texts = await program
    return texts
