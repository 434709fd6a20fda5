"""Which tests of a notebook somebody is to look at, and why: those that lost points where a kernel may have given some.

Whoever looks reads the reason in the test's own output, which nbgrader's formgrader and its feedback show.
"""

from collections.abc import Collection, Mapping, MutableMapping
from typing import Any

from nbformat import NotebookNode, from_dict
from nbgrader import utils

from grader.notebooks import by_hand
from grader.notebooks.played import lost
from grader.notebooks.refused import of_a_learners, of_a_test
from grader.run.outside import Ran

LOOK = "grader_look"  # among what preprocessors hand on: the tests' names, and why each is to be looked at


def is_learners(cell: NotebookNode) -> bool:
    return cell.cell_type == "code" and not utils.is_locked(cell)


def reasons(
    nb: NotebookNode, ran: Ran, authors: Collection[str], without: str, lacking: Collection[str]
) -> dict[str, str]:
    """By test, why it is to be looked at. `without`: what the notebook asks for and was not given; `lacking`: the tests that
    the author's own solution does not pass either. `authors`: the texts of the author's cells.
    """
    numbers = by_hand.numbers(nb)
    behind = _in_front(nb, ran, authors, lacking)
    failed = any(is_learners(cell) and any(one.output_type == "error" for one in cell.outputs) for cell in nb.cells)
    found = dict[str, str]()
    for name, cell in lost(nb):
        number = numbers.get(id(cell), 0)
        if name in lacking:
            found[name] = "the source's own solution does not pass it without a kernel"
        elif why := of_a_test(ran, number):
            found[name] = why
        elif first := next((one for one in behind if one < number), 0):
            found[name] = f"cell {first}, before it: {behind[first]}"
        elif without and (failed or not utils.determine_grade(cell)[0]):
            found[name] = f"the notebook is run without: {without}"
    return found


def _in_front(nb: NotebookNode, ran: Ran, authors: Collection[str], lacking: Collection[str]) -> dict[int, str]:
    """The cells that may have come to another end in a kernel, and why: the learner's, and the author's that call what those
    define. On a test that the author's own solution does not pass, its other tests do not hang.
    """
    given, numbers, found = {*authors}, by_hand.numbers(nb), dict[int, str]()
    for cell in nb.cells:
        number = numbers.get(id(cell), 0)
        if not number or (utils.is_grade(cell) and cell.metadata.nbgrader["grade_id"] in lacking):
            continue
        learners = is_learners(cell) and cell.source not in given
        if why := of_a_learners(ran, number, cell.source) if learners else of_a_test(ran, number):
            found[number] = why
    return found


def tell(nb: NotebookNode, found: Mapping[str, str]) -> None:
    """Says so at the top of what each of these tests put out."""
    for name, cell in lost(nb):
        if name in found:
            said = {"output_type": "stream", "name": "stdout", "text": f"to be looked at by a person: {found[name]}\n"}
            cell.outputs.insert(0, from_dict(said))  # type: ignore[no-untyped-call]


def keep(resources: MutableMapping[str, Any], found: Mapping[str, str]) -> None:
    resources[LOOK] = {**resources.get(LOOK, {}), **found}
