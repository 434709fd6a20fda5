"""Uses neither tasks nor gather: steps both coroutines by hand and waits on what they wait on, inside one awaitable.

work: overlapped
"""


class Together:
    def __init__(self, *coros):
        self.coros = coros

    def __await__(self):
        results, waiting = {}, {}
        for number, coro in enumerate(self.coros):
            try:
                waiting[number] = coro.send(None)
            except StopIteration as stop:
                results[number] = stop.value
        while waiting:
            number, future = next(iter(waiting.items()))
            if not future.done():
                future._asyncio_future_blocking = True
                yield future
            try:
                waiting[number] = self.coros[number].send(None)
            except StopIteration as stop:
                results[number] = stop.value
                del waiting[number]
        return tuple(results[n] for n in range(len(self.coros)))


async def fetch_both(get, url1, url2):
    return await Together(get(url1), get(url2))
