import asyncio
import time

all_lines = __import__("1-all_lines").all_lines


def mean_wait(lines, longest):
    begin = time.perf_counter()
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        runner.run(all_lines(lines, longest))
    return (time.perf_counter() - begin) / lines
