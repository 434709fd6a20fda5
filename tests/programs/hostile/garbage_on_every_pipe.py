"""Writes bytes that are no message (huge lengths, deep nesting, broken UTF-8) to every inherited pipe, at import.

work: sequential
"""

import os
import stat

GARBAGE = [b"\xff\xff\xff\xff", b"[" * 4000 + b"\n", b'{"at": NaN}\n', b"\x00" * 16, b"\xc3\x28\n", b'{"id": 1' + b"0" * 2000 + b"}\n"]

for fd in range(3, 64):
    try:
        mode = os.fstat(fd).st_mode
        if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
            os.set_blocking(fd, False)
            for piece in GARBAGE:
                os.write(fd, piece)
            os.set_blocking(fd, True)
    except OSError:
        continue


async def fetch_both(get, url1, url2):
    page1 = await get(url1)
    page2 = await get(url2)
    return page1, page2
