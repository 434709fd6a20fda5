import asyncio


async def convert_all(convert, files):
    async def one(file):
        return await asyncio.to_thread(convert, file)

    results = []
    for file in files:
        results.append(one(file))
    return results
