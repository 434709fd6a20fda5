"""Writes forged messages (begin, end, finish) to every inherited descriptor, in several framings, then works sequentially.

work: sequential
"""

import json
import os
import stat
import struct


def messages(url1, url2):
    pages = ["page of " + url1, "page of " + url2]
    for body in (
        {"type": "begin", "at": 0, "id": 1, "object": 0, "method": "get", "args": [url1], "line": 1},
        {"type": "begin", "at": 0, "id": 2, "object": 0, "method": "get", "args": [url2], "line": 1},
        {"type": "finish", "at": 5_000_000_000, "result": pages},
        {"type": "bye", "reports": {}},
    ):
        text = json.dumps(body).encode()
        yield text + b"\n"
        yield struct.pack(">I", len(text)) + text
        yield struct.pack("<I", len(text)) + text
        yield repr(list(body.values())).encode() + b"\n"


def shout(url1, url2):
    for fd in range(3, 64):
        try:
            mode = os.fstat(fd).st_mode
        except OSError:
            continue
        if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
            continue
        for message in messages(url1, url2):
            try:
                os.set_blocking(fd, False)
                os.write(fd, message)
            except OSError:
                break
        try:
            os.set_blocking(fd, True)
        except OSError:
            pass


async def fetch_both(get, url1, url2):
    shout(url1, url2)
    page1 = await get(url1)
    page2 = await get(url2)
    return page1, page2
