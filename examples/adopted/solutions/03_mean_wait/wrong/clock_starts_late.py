import asyncio
import time

all_lines = __import__("1-all_lines").all_lines


def mean_wait(lines, longest):
    asyncio.run(all_lines(lines, longest))
    start = time.perf_counter()
    total = time.perf_counter() - start
    return total / lines
