from asyncio import ensure_future, wait


async def fetch_both(get, url1, url2):
    waiting = {ensure_future(get(url1)), ensure_future(get(url2))}
    texts = []
    finished, waiting = await wait(waiting)
    while finished:
        texts.append(await finished.pop())
    return texts[0], texts[1]
