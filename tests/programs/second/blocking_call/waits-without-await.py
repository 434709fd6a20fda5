from concurrent.futures import ThreadPoolExecutor


async def convert_all(convert, files):
    with ThreadPoolExecutor() as pool:
        return list(pool.map(convert, files))
