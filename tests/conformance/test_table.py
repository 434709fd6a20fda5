"""The table of CPython's tests: its last row is the sum of all others, as written and in the documentation."""

import re
import sys

from tests.conformance.cpython import Seen
from tests.conformance.table import BEGIN, DOCS, END, Played, table

_CELL = re.compile(r"(\d+) of (\d+); (\d+), (\d+)")


def sums(text: str) -> tuple[list[list[int]], list[list[int]]]:
    """Of the columns of all modules, and what the last row says they are."""
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")]
    *modules, together = rows[2:]
    assert together[0] == "**together**"
    columns = zip(*(row[1:] for row in modules), strict=True)
    added = [[sum(each) for each in zip(*map(numbers, filter(None, column)), strict=True)] for column in columns]
    return added, [list(numbers(cell)) for cell in together[1:]]


def numbers(cell: str) -> tuple[int, ...]:
    found = _CELL.fullmatch(cell)
    assert found is not None, cell
    return tuple(map(int, found.groups()))


def seen(tests: int, built: int, *failures: str) -> Seen:
    return Seen(tests, built, 0, dict.fromkeys(failures, "1 != 2"))


def test_the_last_row_is_the_sum_of_all_others() -> None:
    played: Played = {}
    for version, more in (("3.11", 0), ("3.12", 5)):
        for debug in (False, True):
            late = ["test_locks.L.test_c"] * debug
            played["outside", "test_locks", version, debug] = seen(7 + more, 4, "test_locks.L.test_a", *late)
            played["alone", "test_locks", version, debug] = seen(7, 3, "test_locks.L.test_a")
            if version == "3.12":
                played["outside", "test_eager_task_factory", version, debug] = seen(39, 38)
    added, said = sums(table(played, {"3.11": sys.executable, "3.12": sys.executable}))
    assert added == said == [[7, 14, 2, 3], [45, 58, 2, 3]]


def test_so_it_is_in_the_documentation() -> None:
    text = DOCS.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    added, said = sums(text)
    assert added == said
    assert len(said) == 3
