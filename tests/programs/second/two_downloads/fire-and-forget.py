from asyncio import create_task


async def fetch_both(get, url1, url2):
    texts = {url1: None, url2: None}

    def start(url):
        task = create_task(get(url))
        task.add_done_callback(lambda done: texts.update({url: done.result()}))

    start(url1)
    start(url2)
    return texts[url1], texts[url2]
