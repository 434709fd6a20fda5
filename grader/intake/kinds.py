"""What a file is, by its name: a program, a notebook, an archive; and which module it is named after."""

import re

ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2")
OTHER_ARCHIVES = (".7z", ".rar", ".tar.xz", ".txz", ".xz", ".gz", ".bz2", ".zst")


def is_archive(name: str) -> bool:
    return name.lower().endswith(ARCHIVES)


def is_other_archive(name: str) -> bool:
    """An archive of a kind that is not unpacked here."""
    return not is_archive(name) and name.lower().endswith(OTHER_ARCHIVES)


def is_notebook(name: str) -> bool:
    return name.lower().endswith(".ipynb")


def is_program(name: str) -> bool:
    """Whether it could be graded: a Python file or a notebook."""
    return name.endswith(".py") or is_notebook(name)


def stem(name: str) -> str:
    """`name` without its ending, both halves of `.tar.gz` included."""
    ending = next((e for e in sorted(ARCHIVES, key=len, reverse=True) if name.lower().endswith(e)), None)
    return name[: -len(ending)] if ending else name.rpartition(".")[0] or name


def module_of(name: str) -> str:
    """`05_say_after`, `say-after` and `Say_After` are all `say_after`."""
    return re.sub(r"^\d+_", "", name.lower().replace("-", "_"))
