#!/usr/bin/env python3
"""How long a stop is crowded, on average."""
import asyncio
import time

all_lines = __import__("1-all_lines").all_lines


def mean_wait(lines: int, longest: float) -> float:
    """The seconds that `all_lines` takes, divided by the number of lines."""
    begin = time.perf_counter()
    asyncio.run(all_lines(lines, longest))
    return (time.perf_counter() - begin) / lines
