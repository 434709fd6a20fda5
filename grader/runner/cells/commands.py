"""The few commands of another shell that do no more than Python does on the disk of a job: so these need no process.

Whatever is not plainly one of them, or would fail, is not done.
"""

import glob
import os
import re
import shlex
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress

_NOT_PLAIN = re.compile(r"[|&;<>`$(){}\\~!#\n]|['\"].*[*?\[]|[*?\[].*['\"]")
_PATTERN = re.compile(r"[*?\[]")
_LARGEST = 100_000


def done(command: str) -> list[str] | None:
    """The lines that it prints; None where it was not done."""
    if _NOT_PLAIN.search(command):
        return None
    with suppress(ValueError, OSError, LookupError):
        name, *rest = shlex.split(command)
        does, flags = _DOES[name]
        asked = [word for word in rest if word.startswith("-")]
        if set(asked) <= flags:
            return does(_names([word for word in rest if word not in asked]), bool(asked))
    return None


def _names(words: Sequence[str]) -> list[str]:
    return [name for word in words for name in (_matching(word) if _PATTERN.search(word) else [word])]


def _matching(pattern: str) -> list[str]:
    """Raises ValueError where there is none, where notebooks may be among them, and where their order is a language's."""
    found = sorted(glob.glob(pattern))
    if not found or found != sorted(found, key=lambda name: re.sub(r"\W|_", "", name).casefold()):
        raise ValueError(pattern)
    if "ipynb".startswith(pattern.rpartition(".")[2].rstrip("*?[")) or pattern.endswith("*"):
        raise ValueError(pattern)
    return found


def _ls(names: Sequence[str], flag: bool) -> list[str]:
    if not names or not all(map(os.path.isfile, names)):
        raise ValueError(names)
    return sorted(names)


def _cat(names: Sequence[str], flag: bool) -> list[str]:
    if not names or sum(map(os.path.getsize, names)) > _LARGEST:
        raise ValueError(names)
    texts = list[str]()
    for name in names:
        with open(name, encoding="utf-8") as file:
            texts.append(file.read())
    return "".join(texts).splitlines()


def _echo(words: Sequence[str], flag: bool) -> list[str]:
    return [" ".join(words)]


def _mkdir(names: Sequence[str], flag: bool) -> list[str]:
    for name in _some(names):
        if flag:
            os.makedirs(name, exist_ok=True)
        else:
            os.mkdir(name)
    return []


def _touch(names: Sequence[str], flag: bool) -> list[str]:
    for name in _some(names):
        if os.path.exists(name):
            os.utime(name)
        else:
            open(name, "x").close()
    return []


def _cp(names: Sequence[str], flag: bool) -> list[str]:
    first, second = names
    if not os.path.isfile(first):
        raise ValueError(first)
    shutil.copy(first, second)
    return []


def _mv(names: Sequence[str], flag: bool) -> list[str]:
    first, second = names
    if not os.path.isfile(first):
        raise ValueError(first)
    shutil.move(first, second)  # from folder to folder a job has no rename
    return []


def _rm(names: Sequence[str], flag: bool) -> list[str]:
    if not all(map(os.path.isfile, _some(names))):
        raise ValueError(names)
    for name in names:
        os.remove(name)
    return []


def _some(names: Sequence[str]) -> Sequence[str]:
    if not names:
        raise ValueError("nothing is named")
    return names


_DOES: dict[str, tuple[Callable[[Sequence[str], bool], list[str]], frozenset[str]]] = {
    "ls": (_ls, frozenset()),
    "cat": (_cat, frozenset()),
    "echo": (_echo, frozenset()),
    "mkdir": (_mkdir, frozenset({"-p"})),
    "touch": (_touch, frozenset()),
    "cp": (_cp, frozenset()),
    "mv": (_mv, frozenset()),
    "rm": (_rm, frozenset({"-f"})),
}
