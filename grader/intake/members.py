"""A member of an archive, and where it may go: below the folder that it is unpacked into, under a name of its own."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from grader.intake.tree import hidden

DEEPEST = 32
LONGEST = 255  # bytes that a file system takes for one name

Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """`size` is what the archive claims; `refused` is empty if it is a plain file. Its content is read before the next one."""

    name: str
    size: int
    refused: str
    content: Callable[[], IO[bytes]]


class ArchiveError(Exception):
    """An archive that is not unpacked; the text is the reason."""


def parts_of(name: str) -> Parts | str:
    """Where a member of this name goes, as names of folders and its own; or, as text, why it goes nowhere."""
    name = name.replace("\\", "/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return "an absolute path"
    parts = tuple(part for part in name.split("/") if part not in ("", "."))
    if ".." in parts:
        return "a path with '..'"
    if not parts:
        return "it has no name"
    if len(parts) > DEEPEST:
        return f"deeper than {DEEPEST} folders"
    return next((reason for part in parts if (reason := _unfit(part))), "") or parts


def _unfit(part: str) -> str:
    if any(unicodedata.category(char) == "Cc" for char in part):
        return "a name with control characters"
    if len(part.encode("utf-8", "surrogatepass")) > LONGEST:
        return "a name that is too long"
    return ""


def hidden_part(parts: Parts) -> Parts:
    """The topmost of what holds it that is hidden, itself included; empty if nothing is."""
    return next((parts[: at + 1] for at, part in enumerate(parts) if hidden(part)), ())


def one_on_any_disk(parts: Parts) -> str:
    """Equal for names that are one file where case or the composition of accents is not told apart."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", "/".join(parts)).casefold())
