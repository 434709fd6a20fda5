from asyncio import ensure_future
NAME = 'night\_bus'
next_bus = __import__('0-next_bus').next_bus
def watcher(longest) :
    task = ensure_future (next_bus (longest)) ; print ('%s: %d' % (NAME, longest))
    if not task is None :
        return task
