"""Starts the second download, cancels it after one turn, and then downloads one page after the other.

work: sequential
"""

import asyncio
import contextlib


async def fetch_both(get, url1, url2):
    decoy = asyncio.create_task(get(url2))
    await asyncio.sleep(0)
    decoy.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await decoy
    page1 = await get(url1)
    page2 = await get(url2)
    return page1, page2
