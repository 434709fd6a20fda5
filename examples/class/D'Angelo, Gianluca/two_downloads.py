# D'Angelo, Gianluca
import asyncio


async def fetch_both(get, url1, url2):
    (text1, text2) = asyncio.gather(get(url1), get(url2))
    return (text1, text2)


if __name__ == "__main__":
    print("this file is a module")
