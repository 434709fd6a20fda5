import asyncio
import time

all_lines = __import__("1-all_lines").all_lines


def mean_wait(lines, longest):
    loop = asyncio.DefaultEventLoopPolicy().new_event_loop()
    asyncio.set_event_loop(loop)
    begin = time.perf_counter()
    loop.run_until_complete(all_lines(lines, longest))
    took = time.perf_counter() - begin
    loop.close()
    return took / lines
