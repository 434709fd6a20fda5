"""Returns invented texts at once and lets a task download both pages together after the return.

work: none
"""

import asyncio

kept = []


async def later(get, url1, url2):
    await asyncio.sleep(0)
    await asyncio.gather(get(url1), get(url2))


async def fetch_both(get, url1, url2):
    kept.append(asyncio.create_task(later(get, url1, url2)))
    return "page of " + url1, "page of " + url2
