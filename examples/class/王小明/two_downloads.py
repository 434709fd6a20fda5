import asyncio


async def fetch_both(get, url1, url2):
    text1 = asyncio.ensure_future(get(url1))
    text2 = asyncio.ensure_future(get(url2))
    return (text1, text2)


if __name__ == "__main__":
    print("this file is a module")
