"""Begins both operations with send(None), takes the futures that they wait on, and settles these itself.

work: none
"""

import contextlib


async def fetch_both(get, url1, url2):
    pages = []
    for url in (url1, url2):
        text = "page of " + url
        coro = get(url)
        try:
            future = coro.send(None)
            with contextlib.suppress(Exception):
                future._asyncio_future_blocking = False
                future.set_result(text)
            coro.send(None)
        except StopIteration as stop:
            text = stop.value if type(stop.value) is str else text
        except Exception:
            pass
        pages.append(text)
    return pages[0], pages[1]
