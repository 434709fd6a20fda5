from asyncio import create_task


async def fetch_both(get, url1, url2):
    texts = ["", ""]

    async def download(number, url):
        texts[number] = await get(url)

    # these two go on by themselves
    jobs = [create_task(download(number, url)) for number, url in enumerate([url1, url2])]
    print(len(jobs), "downloads")
    return tuple(texts)
