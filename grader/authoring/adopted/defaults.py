"""Arguments that a drafted exercise leaves out in a case of its own: so a default that is not there, or is another, costs what
stands for it and no more.
"""

import re
from collections.abc import Iterator

from grader.authoring.adopted.checks import MANY, Drafted, Drafting, drafts_of, times_of
from grader.authoring.adopted.functions import Function, Parameter
from grader.authoring.adopted.names import key
from grader.authoring.adopted.waits import is_number

CHECK = "default"


def by_default(drafting: Drafting, function: Function) -> list[Parameter]:
    """The last parameters, whose defaults are plain numbers: the case in which they are not given."""
    found = list[Parameter]()
    for one in reversed(function.parameters):
        is_times = drafting.names[one.name] == times_of(drafting, function)
        few = is_number(one.value) and (not is_times or 3 <= float(one.value) <= 10)
        if not few:
            break
        found.insert(0, one)
    return found


def default_check(drafting: Drafting, function: Function) -> Drafted | None:
    """What shows which default it has: that which is drafted of the argument, if anything is; else what is returned."""
    given = by_default(drafting, function)
    if not given:
        return None
    drafts = drafts_of(drafting, function)
    names = [drafting.names[one.name] for one in given]
    about = [one for one in drafts if any(_says(one, name) for name in names)]
    told = [one for one in about if one.kind == "holds"]
    first = (about or drafts[-1:])[0]
    holds = f"={' and '.join(f'({one.value[1:]})' for one in told)}" if len(told) > 1 else first.value
    asked = " and ".join(f"{one.name!r} the default {one.value}" for one in given)
    without = " and ".join(repr(one.name) for one in given)
    says = (
        f"without {without} it is not as with {' and '.join(one.value for one in given)}" if told[:1] == [first] else ""
    )
    return Drafted(
        CHECK, first.kind, holds if first in told else first.value, f"Give {asked}.", says, first.count, first.bounds
    )


def _says(one: Drafted, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", f"{one.value} {one.count} {' '.join(one.bounds)}") is not None


def default_cases(drafting: Drafting, shown: list[str]) -> Iterator[str]:
    """`shown`: the functions that are called many times."""
    number = 0
    for function in drafting.file.entries:
        given = by_default(drafting, function)
        if given:
            number += 1
            repeat = f", repeat: {MANY}" if function.name in shown else ""
            only = f", only: [{key(function.name)}]" if len(drafting.file.entries) > 1 else ""
            fixed = ", ".join(f"{key(drafting.names[one.name])}: {one.value}" for one in given)
            name = "by-default" + (f"-{number}" if number > 1 else "")
            yield f"  - {{name: {name}, omit: {len(given)}, checks: [{CHECK}]{repeat}{only}, with: {{{fixed}}}}}"
