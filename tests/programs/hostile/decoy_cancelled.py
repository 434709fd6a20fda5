"""Starts both downloads, cancels the second after one turn, and downloads it anew when the first is there.

work: sequential
"""

import asyncio
import contextlib


async def fetch_both(get, url1, url2):
    first, decoy = asyncio.create_task(get(url1)), asyncio.create_task(get(url2))
    await asyncio.sleep(0)
    decoy.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await decoy
    page1 = await first
    page2 = await get(url2)
    return page1, page2
