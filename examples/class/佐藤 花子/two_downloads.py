"""佐藤 花子: my solution."""

import asyncio


async def fetch_both(get, url1, url2):
    return (await get(url1), await get(url2))