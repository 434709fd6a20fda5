"""Which exercise a notebook is about, by the functions that it defines: for one whose name says nothing.

The text is read line by line and never parsed; see `notebook`.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from grader.course.model import Exercise
from grader.intake.helpers import given
from grader.intake.notebook import NotebookError, code_of_notebook


def defined_in(content: bytes) -> frozenset[str]:
    """The names that cells give a value at their top; none where it is no notebook that could be graded."""
    try:
        cells = code_of_notebook(content)
    except NotebookError:
        return frozenset()
    return frozenset(name for _, lines in cells for name in given(lines))


def sure_of(names: Collection[str], module: str, exercises: Sequence[Exercise]) -> list[Exercise]:
    """Those that ask for one of `names`, as far as that tells: a function that several ask for counts for the one that the
    notebook is named after, else for those of which there is another function, too."""
    asked = Counter(entry for one in exercises for entry in one.file.entries)
    found = [one for one in exercises if any(asked[entry] == 1 for entry in one.file.entries if entry in names)]
    return found + [
        one for one in exercises if one not in found and one.module == module and {*names} & one.file.entries.keys()
    ]


def open_to(
    names: Collection[str], sure: Sequence[Exercise], exercises: Sequence[Exercise]
) -> Mapping[str, list[Exercise]]:
    """The functions of which nothing tells for whom they are, and who asks for each."""
    told = {entry for one in sure for entry in one.file.entries}
    asking = {name: [one for one in exercises if name in one.file.entries] for name in sorted({*names} - told)}
    return {name: every for name, every in asking.items() if every}


def all_of(content: bytes, exercises: Sequence[Exercise]) -> list[Exercise]:
    """All that a notebook is about, in their order; none where one of its functions may be for several."""
    names = defined_in(content)
    sure = sure_of(names, "", exercises)
    return [] if open_to(names, sure, exercises) else [one for one in exercises if one in sure]


def the_one(content: bytes, exercises: Sequence[Exercise]) -> Exercise | None:
    """The only exercise that a notebook can be about; None where there is none, or are several."""
    found = all_of(content, exercises)
    return found[0] if len(found) == 1 else None
