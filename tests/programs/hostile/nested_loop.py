"""Hides the running loop, starts two more with asyncio.run inside it, and downloads one page in each.

work: sequential
"""

import asyncio
from asyncio import events


async def fetch_both(get, url1, url2):
    outer = asyncio.get_running_loop()
    pages = []
    for url in (url1, url2):
        coro = get(url)
        events._set_running_loop(None)
        try:
            pages.append(asyncio.run(coro))
        except Exception:
            coro.close()
        finally:
            events._set_running_loop(outer)
    if len(pages) < 2:
        pages = [await get(url1), await get(url2)]
    return tuple(pages)
