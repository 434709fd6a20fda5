"""Messages through a pipe between two processes of ours: each with its length before it, whole or not at all."""

import os
import struct

_LENGTH = struct.Struct(">I")
_BLOCK = 1 << 16


def write(descriptor: int, data: bytes) -> None:
    """Raises BrokenPipeError where nobody reads any more."""
    rest = memoryview(_LENGTH.pack(len(data)) + data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def read(descriptor: int) -> bytes | None:
    """The next message; None where the other side is gone."""
    head = _exactly(descriptor, _LENGTH.size)
    return None if head is None else _exactly(descriptor, _LENGTH.unpack(head)[0])


def _exactly(descriptor: int, count: int) -> bytes | None:
    """Read beneath Python's own buffers, whose locks a thread that waits here would hold at the interpreter's end."""
    data = bytearray()
    while len(data) < count:
        block = os.read(descriptor, min(_BLOCK, count - len(data)))
        if not block:
            return None
        data += block
    return bytes(data)
