"""Returns invented texts at once, and lets a task that goes on when it is cancelled download both pages together afterwards.

work: none
"""

import asyncio
import contextlib

kept = []


async def later(get, url1, url2):
    for _ in range(3):
        with contextlib.suppress(asyncio.CancelledError):
            return await asyncio.gather(get(url1), get(url2))


async def fetch_both(get, url1, url2):
    kept.append(asyncio.create_task(later(get, url1, url2)))
    await asyncio.sleep(0)
    return "page of " + url1, "page of " + url2
