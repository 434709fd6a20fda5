import asyncio
import time

all_lines = __import__("1-all_lines").all_lines


def mean_wait(lines, longest):
    start = time.time()
    asyncio.run(all_lines(lines, longest))
    end = time.time()
    return (end - start) / lines
