"""Tries to run the second download in a thread with a loop of its own; when that fails, works sequentially.

work: sequential
"""

import asyncio
import threading
import _thread


async def fetch_both(get, url1, url2):
    box = []

    def second():
        try:
            coro = get(url2)
            try:
                coro.send(None)
            finally:
                coro.close()
            box.append("page of " + url2)
        except BaseException:
            pass

    for start in (lambda: threading.Thread(target=second, daemon=True).start(), lambda: _thread.start_new_thread(second, ())):
        try:
            start()
        except Exception:
            pass
    page1 = await get(url1)
    page2 = await get(url2)
    return page1, page2
