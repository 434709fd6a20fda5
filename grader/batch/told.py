"""What was left out, in lines for a terminal: neither one archive nor one path fills it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from grader.feedback.characters import visible
from grader.intake.kinds import is_archive

TOLD = 10  # of one archive
_LONGEST = 200  # characters of a path


class Left(Protocol):
    @property
    def path(self) -> str: ...
    @property
    def reason(self) -> str: ...


def lines_of(strays: Iterable[Left], downloads: Collection[str] = (), all_in: str = "") -> Iterator[str]:
    """A line for each, but for what one learner's archive has more than `TOLD` of, which is a line together.

    `downloads` are archives that hold a class: what is in those is told for each learner. `all_in`: where all of it stands.
    """
    count: Counter[str] = Counter()
    last: dict[str, str] = {}
    for stray in strays:
        archive = _archive(stray.path, downloads)
        count[archive] += 1
        if not archive or count[archive] <= TOLD:
            yield visible(f"not graded: {_short(stray.path)}: {stray.reason}")
        elif count[archive] == TOLD + 1:
            last[archive] = visible(f"not graded: {_short(stray.path)}: {stray.reason}")
    where = f"; {all_in} has all of them" if all_in else ""
    for archive, line in last.items():
        more = count[archive] - TOLD
        yield line if more == 1 else visible(f"not graded: and {more} more in {_short(archive)}{where}")


def _archive(path: str, downloads: Collection[str]) -> str:
    """The innermost archive that it is in, which is not the download itself; empty if it is in none."""
    *above, _ = path.split("/")
    ends = [at for at, name in enumerate(above, 1) if is_archive(name) and not (at == 1 and name in downloads)]
    return "/".join(above[: ends[-1]]) if ends else ""


def _short(path: str) -> str:
    """The middle is left out: whose it is stands at the beginning, and what it is at the end."""
    if len(path) <= _LONGEST:
        return path
    half = (_LONGEST - 3) // 2
    return f"{path[:half]}...{path[-half:]}"
