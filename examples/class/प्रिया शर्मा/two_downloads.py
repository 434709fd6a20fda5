import asyncio


def download(get, url):
    return asyncio.run(get(url))


async def fetch_both(get, url1, url2):
    text1 = download(get, url1)
    text2 = download(get, url2)
    return text1, text2
