"""What is said between the command, the workers of a cluster and their seats: plain data, decoded strictly.

MessagePack, which has bytes: a program travels as it is, and a verdict as the JSON that it is kept as.
"""

from typing import Any, TypeVar

import msgspec


class Stamp(msgspec.Struct, frozen=True):
    """What a verdict hangs on and every worker must have alike.

    `python` is major and minor, `code` a digest of the grader's modules. `packages`: the version of each that the course
    names, by name; empty where it is not installed.
    """

    grader: str
    code: str
    python: str
    packages: dict[str, str]


class Hello(msgspec.Struct, frozen=True, tag=True):
    """Who are you, and can you play programs at this level of isolation?"""

    isolation: str
    packages: tuple[str, ...]


class Ready(msgspec.Struct, frozen=True):
    """`level` is what `isolation` comes to there, empty with the reason in `refused`; `reasons`: why it is no better one."""

    stamp: Stamp
    level: str = ""
    refused: str = ""
    reasons: tuple[str, ...] = ()


class Course(msgspec.Struct, frozen=True, tag=True):
    """The exercises to grade as a zip with its digest; `digests` says what each exercise's must be, by slug."""

    content: bytes
    sha256: str
    digests: dict[str, str]


class File(msgspec.Struct, frozen=True, tag=True):
    """One submission; `files` are those that count beside its own, by their modules' names."""

    learner: str
    exercise: str
    name: str
    source: bytes
    seed: str | None
    isolation: str
    files: tuple[tuple[str, bytes], ...] = ()


class Chunk(msgspec.Struct, frozen=True):
    """Some submissions that one worker grades, for the run that has this name. `sha256` and `digests` as in Course."""

    run: str
    stamp: Stamp
    sha256: str
    digests: dict[str, str]
    files: tuple[File, ...]


class Said(msgspec.Struct, frozen=True):
    """A seat's answer to anything but Hello: a verdict as JSON, or nothing; `refused` says why it cannot work."""

    verdict: bytes = b""
    refused: str = ""


class Report(msgspec.Struct, frozen=True):
    """Of a chunk: a verdict as JSON for each file, empty where the process that graded it died each time.

    The last files may be missing where it took long, but never the first. Where `failed` has a text, the worker could not do
    it, and nothing is known of any file.
    """

    worker: str
    verdicts: tuple[bytes, ...] = ()
    failed: str = ""


Order = Hello | Course | File
T = TypeVar("T")


def packed(message: msgspec.Struct) -> bytes:
    return msgspec.msgpack.encode(message)


def unpacked(data: Any, kind: type[T]) -> T:
    """Raises msgspec.DecodeError for what is no such message."""
    if not isinstance(data, bytes):
        raise msgspec.DecodeError(f"{type(data).__name__} instead of bytes")
    return msgspec.msgpack.decode(data, type=kind)


def order(data: bytes) -> Order:
    decoded: Order = msgspec.msgpack.decode(data, type=Order)
    return decoded
