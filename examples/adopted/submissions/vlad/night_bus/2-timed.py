import asyncio
from datetime import datetime

all_lines = __import__("1-all_lines").all_lines


def mean_wait(lines, longest):
    start = datetime.now()
    asyncio.run(all_lines(lines, longest))
    return (datetime.now() - start).total_seconds() / lines
