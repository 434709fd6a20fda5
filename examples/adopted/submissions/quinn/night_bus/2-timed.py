import asyncio
from time import monotonic

all_lines = __import__("1-all_lines").all_lines


def mean_wait(lines, longest):
    loop = asyncio.new_event_loop()
    try:
        before = monotonic()
        loop.run_until_complete(all_lines(lines, longest))
        return (monotonic() - before) / lines
    finally:
        loop.close()
