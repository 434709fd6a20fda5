"""Sets every clock of the time module and of datetime back to zero during sequential work.

work: sequential
"""

import datetime
import time

for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
    setattr(time, name, lambda: 0.0)
    setattr(time, name + "_ns", lambda: 0)


class StoppedDatetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2000, 1, 1, tzinfo=tz)


datetime.datetime = StoppedDatetime


async def fetch_both(get, url1, url2):
    page1 = await get(url1)
    page2 = await get(url2)
    return page1, page2
