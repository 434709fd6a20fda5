import asyncio
import threading


async def fetch_both(get, url1, url2):
    texts = {}

    def download(url):
        texts[url] = asyncio.run(get(url))

    threads = [threading.Thread(target=download, args=(u,)) for u in (url1, url2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return texts[url1], texts[url2]
