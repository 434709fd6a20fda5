async def fetch_both(get, url1, url2):
    pages = []
    while True:
        pages.append(bytearray(1_000_000))
