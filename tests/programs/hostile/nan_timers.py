"""Hands the loop timers at NaN, at the infinities, in the deep past and beyond every float, around sequential work.

work: sequential
"""

import asyncio

TIMES = [float("nan"), float("inf"), float("-inf"), -1e308, 1e308, -1, True, 10**30]


async def fetch_both(get, url1, url2):
    loop = asyncio.get_running_loop()
    handles = []

    def plant():
        for when in TIMES:
            for place in (loop.call_at, loop.call_later):
                try:
                    handles.append(place(when, print, end=""))
                except Exception:
                    pass

    plant()
    page1 = await get(url1)
    plant()
    try:
        await asyncio.wait_for(asyncio.sleep(float("nan")), timeout=0.001)
    except Exception:
        pass
    page2 = await get(url2)
    for handle in handles:
        handle.cancel()
    return page1, page2
