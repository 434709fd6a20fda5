import asyncio
import time

all_lines = __import__("1-all_lines").all_lines


def mean_wait(lines, longest):
    asyncio.run(all_lines(lines, longest))
    return time.perf_counter() / lines
