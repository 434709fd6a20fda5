# Sofía 🦊
import asyncio


async def fetch_both(get, url1, url2):
    async with asyncio.TaskGroup() as tg:
        a = tg.create_task(get(url1))
        b = tg.create_task(get(url2))
    return (a.result(), b.result())
