"""Runs the first download beside itself and beside a page that nobody asked for, and invents the text of the second.

work: sequential
"""

import asyncio


async def fetch_both(get, url1, url2):
    pages = await asyncio.gather(get(url1), get(url1), get("decoy." + url2), return_exceptions=True)
    return pages[0], pages[0].replace(url1, url2)
