import asyncio


async def convert_all(convert, files):
    async def main():
        return await asyncio.gather(*[asyncio.to_thread(convert, f) for f in files])

    loop = asyncio.get_running_loop()
    return loop.run_until_complete(main())
