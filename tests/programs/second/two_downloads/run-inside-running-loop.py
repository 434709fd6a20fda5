import asyncio


async def fetch_both(get, url1, url2):
    async def main():
        first = asyncio.create_task(get(url1))
        second = asyncio.create_task(get(url2))
        return (await first, await second)

    return asyncio.run(main())
