"""Returns two things whose __repr__, __eq__ and __hash__ call themselves without end.

work: sequential
"""


class Deep:
    def __repr__(self):
        return repr(self)

    def __eq__(self, other):
        return self == other

    def __hash__(self):
        return hash(self)


async def fetch_both(get, url1, url2):
    await get(url1)
    await get(url2)
    return Deep(), Deep()
