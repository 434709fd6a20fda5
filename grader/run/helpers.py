"""Files of a learner's own beside the graded one that it imports, as it does where they wrote it: `helpers.py`.

They are found by what stands in the text, which is read and never parsed here: a name in a line that imports, or the name of
the file. What the course knows by name is not among them, nor what Python has itself; that is the exercise's to say.
"""

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from grader.course.model import Exercise
from grader.door.messages import OFFERED

MOST = 1000  # files of a folder that are looked at
_WORD, _FILE = re.compile(rb"[\w\x80-\xff-]+"), re.compile(rb"[\w\x80-\xff.-]+")
_ENDING = ".py"


def may_be_one(name: str, exercise: Exercise) -> bool:
    """Whether a file of this name is the learner's own affair."""
    taken = {exercise.module, OFFERED, *exercise.file.needs, *exercise.file.world.modules}
    return exercise.is_adopted and name not in taken and name not in sys.stdlib_module_names


def imported(text: bytes, names: Iterable[str]) -> list[str]:
    """Those of `names` that `text` may import, as far as that shows; in time that grows as the text does, whatever it is."""
    words, files = _named_in(text)
    return [name for name in names if name.encode() in words or f"{name}{_ENDING}".encode() in files]


@lru_cache(maxsize=16)
def _named_in(text: bytes) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """The words of lines that import, and of all that may be the name of a file: asked for some times in a row."""
    lines = b"\n".join([line for line in text.split(b"\n") if b"import" in line])
    return frozenset(_WORD.findall(lines)), frozenset(_FILE.findall(text))


def reached(texts: Iterable[bytes], names: Iterable[str], read: Callable[[str], bytes | None]) -> Mapping[str, bytes]:
    """All that is imported from `texts`, and from what these import, by their names. `read`: None for what is not there."""
    left, found, to_look = set(names), dict[str, bytes](), list(texts)
    while to_look and left:
        text = to_look.pop()
        for name in sorted(imported(text, left)):
            left.discard(name)
            data = read(name)
            if data is not None:
                found[name] = data
                to_look.append(data)
    return found


def names_beside(folder: str) -> list[str]:
    """Of the files of Python in `folder`; none where it cannot be read."""
    try:
        with os.scandir(folder) as there:
            names = [each.name for each, _ in zip(there, range(MOST), strict=False) if each.name.endswith(_ENDING)]
    except OSError:
        return []
    return sorted(name.removesuffix(_ENDING) for name in names)
