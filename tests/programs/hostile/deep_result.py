"""Does the work one after the other, then returns a result that is hard to read: 20 000 lists deep, with itself inside.

work: sequential
"""


async def fetch_both(get, url1, url2):
    page1 = await get(url1)
    page2 = await get(url2)
    nest = [page1, page2]
    for _ in range(20_000):
        nest = [nest]
    loop = [10**5000]
    loop.append(loop)
    return nest, loop
