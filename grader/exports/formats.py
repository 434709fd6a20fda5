"""The formats by name, and which of them make one file of a class, which one file of each learner."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType

from grader.exports.classroom import encoded, of_rows, variable
from grader.exports.gradescope import of_row, results
from grader.exports.junit import to_junit
from grader.exports.moodle import to_moodle
from grader.exports.parquet import to_parquet
from grader.exports.plain import to_csv
from grader.exports.record import to_json
from grader.exports.sheet import Sheet, narrowed

RUNNER = "grader"
_LONGEST = 50

OF_A_CLASS: Mapping[str, Callable[[Sheet], bytes]] = MappingProxyType(
    {"csv": to_csv, "moodle": to_moodle, "junit": to_junit, "json": to_json, "parquet": to_parquet}
)


def _gradescope(sheet: Sheet) -> bytes:
    (learner,) = sheet.learners
    return results([of_row(row) for row in sheet.rows], extra={"learner": learner})


def _classroom(sheet: Sheet) -> bytes:
    return f"{variable(RUNNER)}={encoded(of_rows(sheet.rows))}\n".encode("ascii")


OF_A_LEARNER: Mapping[str, tuple[Callable[[Sheet], bytes], str]] = MappingProxyType(
    {"gradescope": (_gradescope, ".json"), "github-classroom": (_classroom, ".env")}
)
NAMES = ("csv", "canvas", "moodle", "gradescope", "junit", "github-classroom", "json", "parquet")


def per_learner(sheet: Sheet, format_: str) -> dict[str, bytes]:
    """File name to content, one for each learner; names are safe on every system and never two the same."""
    write, ending = OF_A_LEARNER[format_]
    names = file_names(sheet.learners)
    return {names[learner] + ending: write(narrowed(sheet, (), [learner])) for learner in sheet.learners}


def file_names(learners: tuple[str, ...]) -> dict[str, str]:
    """The learners' names without what a file system or a reader takes amiss, and with a number where two would be the same."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for learner in learners:
        stem = _stem(learner)
        name = next(
            name
            for name in (stem, *(f"{stem}-{number}" for number in range(2, len(learners) + 2)))
            if name.casefold() not in taken
        )
        taken.add(name.casefold())
        names[learner] = name
    return names


def _stem(learner: str) -> str:
    """Bounded in bytes too: a character takes four at most, and a name 255."""
    shown = "".join("_" if unicodedata.category(char)[0] in "CZ" else char for char in learner)
    return re.sub(r"[_<>:\"/\\|?*'.]+", "_", shown)[:_LONGEST].strip("_-") or "learner"
