"""What a file is, by its name: a program, a notebook, an archive; and which module it is named after."""

import re

from grader.door.text import LARGEST

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2")
OTHER_ARCHIVES = (".7z", ".rar", ".tar.xz", ".txz", ".tar.zst", ".xz", ".gz", ".bz2", ".zst")
_OF_ONE_FILE = (".xz", ".gz", ".bz2", ".zst")
_LONGEST_FIRST = tuple(sorted((*ARCHIVES, *OTHER_ARCHIVES), key=len, reverse=True))

DEFINITIONS, DEFINITION = "exercises", "exercise.yaml"  # the folders of exercises, as a course hands them out
METADATA = "submission_metadata.yml"  # Gradescope's, of a whole class
_LARGEST_PACKED, _LARGEST_METADATA = 16 << 20, 256 << 20


def largest(name: str) -> int:
    """How many bytes a file of this name may have: a notebook's pictures count, and an archive's all."""
    if name == METADATA:
        return _LARGEST_METADATA
    return _LARGEST_PACKED if is_archive(name) or is_notebook(name) else LARGEST


def is_archive(name: str) -> bool:
    return name.lower().endswith(ARCHIVES)


def is_other_archive(name: str) -> bool:
    """An archive of a kind that is not unpacked here."""
    return not is_archive(name) and name.lower().endswith(OTHER_ARCHIVES)


def is_delivery(name: str) -> bool:
    """Whether it may be all that a learner handed in: an archive of any kind, but one of data, such as `readings.csv.gz`."""
    if not is_other_archive(name) or not name.lower().endswith(_OF_ONE_FILE):
        return is_archive(name) or is_other_archive(name)
    return name.lower().endswith((".tar.xz", ".tar.zst")) or is_program(name.rpartition(".")[0])


def is_notebook(name: str) -> bool:
    return name.lower().endswith(".ipynb")


def is_program(name: str) -> bool:
    """Whether it could be graded: a Python file or a notebook."""
    return name.lower().endswith(".py") or is_notebook(name)


def stem(name: str) -> str:
    """`name` without its ending, both halves of `.tar.gz` and of `.py.gz` included."""
    whole = name.lower()
    if not whole.endswith(_LONGEST_FIRST):
        return name.rpartition(".")[0] or name
    ending = next(each for each in _LONGEST_FIRST if whole.endswith(each))
    inner = name[: -len(ending)]
    return stem(inner) if ending in _OF_ONE_FILE and is_program(inner) else inner or name


def module_of(name: str) -> str:
    """`05_say_after`, `say-after`, `Say_After` and `say_after (1)`, as browsers call it, are all `say_after`."""
    return re.sub(r"^\d+_|\s*\(\d+\)$", "", name.lower().replace("-", "_"))
