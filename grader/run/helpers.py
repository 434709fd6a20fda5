"""Files of a learner's own beside the graded one that it imports, as it does where they wrote it: `helpers.py`, or a package.

They are found by what stands in the text, which is read and never parsed here: a name in a line that imports, or the name of
the file. What the course knows by name is not among them, nor what Python has itself; that is the exercise's to say.
A package is its folder: who imports something of it has all of its files, which are named by their ways, `utils/__init__`.
"""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from grader.course.model import Exercise
from grader.door.messages import OFFERED

MOST = 1000  # files of a folder that are looked at
DEEPEST = 5  # folders below one another in a package
Files = Mapping[str, bytes]
_WORD, _FILE = re.compile(rb"[\w\x80-\xff-]+"), re.compile(rb"[\w\x80-\xff.-]+")
_FOLDER = re.compile(rb"[\w\x80-\xff-]+(?=/)")
_ENDING, _CACHE = ".py", "__pycache__"


def may_be_one(name: str, exercise: Exercise) -> bool:
    """Whether a file of this name, or of a package, is the learner's own affair."""
    world, top = exercise.file.world, top_of(name)
    taken = {exercise.module, OFFERED, *exercise.file.needs, *world.modules, *world.files}
    return exercise.is_adopted and top not in taken and top not in sys.stdlib_module_names


def top_of(name: str) -> str:
    """What is imported to have the file of this name: the package, or itself."""
    return name.partition("/")[0]


def imported(text: bytes, names: Iterable[str]) -> list[str]:
    """Those of `names` that `text` may import, as far as that shows; in time that grows as the text does, whatever it is."""
    words, files, folders = _named_in(text)

    def may(name: str) -> bool:
        return name.encode() in words or f"{name}{_ENDING}".encode() in files or name.encode() in folders

    return [name for name in names if may(name)]


@lru_cache(maxsize=16)
def _named_in(text: bytes) -> tuple[frozenset[bytes], ...]:
    """The words of lines that import, and all that may be the name of a file or of a folder: asked for some times in a row."""
    lines = b"\n".join([line for line in text.split(b"\n") if b"import" in line])
    return frozenset(_WORD.findall(lines)), frozenset(_FILE.findall(text)), frozenset(_FOLDER.findall(text))


def reached(texts: Iterable[bytes], names: Iterable[str], read: Callable[[str], Files]) -> Files:
    """All that is imported from `texts`, and from what these import, by their names. `read`: the files of a name of `names`,
    which is that of a module or a package; none for what is not there."""
    left, found, to_look = set(names), dict[str, bytes](), list(texts)
    while to_look and left:
        text = to_look.pop()
        for name in sorted(imported(text, left)):
            left.discard(name)
            files = read(name)
            found |= files
            to_look += files.values()
    return found


def among(files: Files) -> Callable[[str], Files]:
    """Reads of these, which are there."""
    return lambda top: {name: data for name, data in files.items() if top_of(name) == top}


def names_beside(folder: str) -> list[str]:
    """Of the files of Python in `folder`, and of its folders, which may be packages; none where it cannot be read."""
    files, folders = _listed(folder)
    return sorted({*(name.removesuffix(_ENDING) for name in files), *folders})


def ways(folder: str, name: str) -> Iterator[str]:
    """The names of all files in `folder` that are there for who imports `name`: a module of one file, a package, or both."""
    yield name
    left, most = [name], MOST
    while left and most > 0:
        package = left.pop()
        files, folders = _listed(os.path.join(folder, package))
        most -= len(files) + len(folders)
        yield from (f"{package}/{file.removesuffix(_ENDING)}" for file in files)
        left += [f"{package}/{one}" for one in reversed(folders)] if package.count("/") < DEEPEST else []


def _listed(folder: str) -> tuple[list[str], list[str]]:
    """The files of Python, and the folders that may be packages, which no link to one is."""
    try:
        with os.scandir(folder) as there:
            found = [
                each for each, _ in zip(there, range(MOST), strict=False) if each.name[0] != "." and each.name != _CACHE
            ]
            folders = [each.name for each in found if each.is_dir(follow_symlinks=False)]
    except OSError:
        return [], []
    return sorted(each.name for each in found if each.name.endswith(_ENDING)), sorted(folders)
