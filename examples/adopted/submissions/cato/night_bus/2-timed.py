import asyncio
import time

all_lines = __import__("1-all_lines").all_lines
LINES = int("five")


def mean_wait(lines, longest):
    s = time.perf_counter()
    asyncio.run(all_lines(lines, longest))
    return (time.perf_counter() - s) / lines
