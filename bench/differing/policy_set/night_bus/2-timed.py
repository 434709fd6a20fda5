import asyncio
import time

all_lines = __import__("1-all_lines").all_lines


def mean_wait(lines, longest):
    asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())
    begin = time.perf_counter()
    asyncio.run(all_lines(lines, longest))
    return (time.perf_counter() - begin) / lines
