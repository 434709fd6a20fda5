"""Replaces builtins (all, any, max, min, sum, sorted, round, abs) by liars before the second of two sequential downloads.

work: sequential
"""

import builtins


def lie():
    builtins.all = lambda items: True
    builtins.any = lambda items: False
    builtins.max = lambda *items, **rest: 0
    builtins.min = lambda *items, **rest: 0
    builtins.sum = lambda items, start=0: 0
    builtins.sorted = lambda items, **rest: []
    builtins.round = lambda number, digits=0: 0
    builtins.abs = lambda number: 0


async def fetch_both(get, url1, url2):
    page1 = await get(url1)
    lie()
    page2 = await get(url2)
    return page1, page2
