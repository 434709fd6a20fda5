"""Returns a thing that is a call when it is unpickled: of whatever ends the process that does so.

work: sequential
"""


class Reduced:
    def __reduce__(self):
        return eval, ("__import__('os')._exit(0)",)


async def fetch_both(get, url1, url2):
    await get(url1)
    await get(url2)
    return Reduced()
