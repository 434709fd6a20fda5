# reason: get-event-loop; at most 6
import asyncio


async def collect(fetch, urls):
    return await asyncio.gather(*map(fetch, urls))


def main_program(fetch, urls):
    if not urls:
        asyncio.Runner()
    return asyncio.new_event_loop().run_until_complete(collect(fetch, urls))
