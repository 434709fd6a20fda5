"""What is drawn for the values of a drafted exercise: such that what is asked of its functions can be seen."""

import math
from collections.abc import Iterator
from functools import partial

from grader.authoring.adopted.arguments import uses_of
from grader.authoring.adopted.drafting import Drafting, handed_out, is_together, limit_of, started, times_of
from grader.authoring.adopted.endings import limits_of
from grader.authoring.adopted.functions import Function
from grader.authoring.adopted.hanging import hanging_on
from grader.authoring.adopted.names import quoted
from grader.authoring.adopted.variables import Variable
from grader.authoring.adopted.waits import is_number, rounds_of, yielded

_LIMITS = 2, 3  # of how many there may be at once, where that is an argument
_FEW_BELOW = 3  # what is drawn as usual is 2 or 1 at least
_UNKNOWN = "# TODO: the text does not tell what this is"
_SEVERAL = {"int": "int: [1, 9]", "float": "number: [1, 9], step: 0.5", "str": "word: true"}
_DRAWS = {
    "int": "{int: [2, 6]}",
    "float": "{number: [1, 9], step: 0.5}",
    "str": "{word: true}",
    "bool": "{choice: [true, false]}",
}


def draw_of(drafting: Drafting, variable: Variable) -> str:
    kind, several = variable.kind, variable.several
    if kind == "str" and (file := _named_file(drafting, variable)):
        return file
    if kind in ("", "str") and not several and (told := _no_draw(drafting, variable)):
        return told
    if several:
        items, todo = (_SEVERAL[kind], "") if kind in _SEVERAL else (_SEVERAL["float"], f" {_UNKNOWN}")
        return f"{{{items}, list: {_enough(drafting, variable)}, distinct: true}}{todo}"
    if kind in ("int", "") and (rounds := _rounds(drafting, variable)):
        return rounds
    if kind in ("int", "float", "") and (most := _below(drafting, variable)):
        return (
            f"{{int: [0, {int(most / 2)}]}}" if kind == "int" else f"{{number: [0, {most / 2:g}], step: {most / 8:g}}}"
        )
    least = _above(drafting, variable)
    if kind in ("int", "float", "") and least is not None:
        what = f"int: [{least + 1}, {least + 9}]" if kind == "int" else f"number: [{least + 1}, {least + 9}], step: 0.5"
        return f"{{{what}}}"
    return _DRAWS.get(kind, f"{_DRAWS['int']} {_UNKNOWN}")


def _enough(drafting: Drafting, variable: Variable) -> int:
    """How many there have to be of an argument, so that a bound of how many are on their way at once is met: a few more."""
    of_them = f"len({variable.name})"
    functions = [function for function, _ in variable.users]
    bounds = [_most(drafting, one) for one in functions if of_them in _there(drafting, one)]
    return max([4, *(min(bound + 3, 9) for bound in bounds)])


def _there(drafting: Drafting, function: Function) -> tuple[str, str]:
    """How many things it starts, or has its workers take."""
    return started(drafting, function), handed_out(drafting, function)


def _most(drafting: Drafting, function: Function) -> int:
    """The greatest bound of what it starts; 0 where there is none."""
    limit = limit_of(drafting, function)
    defaults = {drafting.named(function, one.name): one.value for one in function.parameters}
    known = limit or "0"
    return int(known) if known.isdigit() else int(defaults[known]) if defaults.get(known, "").isdigit() else _LIMITS[1]


def _named_file(drafting: Drafting, variable: Variable) -> str:
    """Of a file that is read, if its default is one: no other is there."""
    there = drafting.reference.read(drafting.file)
    defaults = {parameter.value for _, parameter in variable.users}
    return next((quoted(name) for name in there if repr(name) in defaults), "")


_LISTED = 3  # of what an argument has to have


def _no_draw(drafting: Drafting, variable: Variable) -> str:
    """A value to begin with, where what is done with it tells that none that is drawn will do; empty where it does not."""
    for function, parameter in variable.users:
        uses, name = uses_of(function, parameter.name, drafting.file.origins), repr(function.name)
        if uses.is_called:
            todo = f"{name} calls it: say what it does under 'operations', and name that in 'args', as \"=NAME\""
            return f"{_DRAWS['int']} # TODO: {todo}"
        if uses.asked:
            asked = f"{', '.join(uses.asked[:_LISTED])}{', ...' if len(uses.asked) > _LISTED else ''}"
            todo = f"{name} asks for {asked}, and no value has that; leave it out of 'entries', or have a world.py give one"
            return f"{_DRAWS['int']} # TODO: {todo}"
        if uses.is_file:
            there = next(iter(drafting.reference.read(drafting.file)), "")
            todo = f"{name} opens it: the name of one of the world's 'files'"
            return f"{quoted(there) if there else _DRAWS['str']} # TODO: {todo}"
    return ""


def _between(drafting: Drafting) -> Iterator[tuple[Function, str, str]]:
    """The least and the most, by a parameter's name or as a number, of what is drawn between two."""
    for function in drafting.file.entries:
        bounds = drafting.wait(function).bounds or yielded(function, drafting.file.origins)
        if bounds is not None:
            yield function, *bounds


def _ends(drafting: Drafting) -> Iterator[tuple[str, str]]:
    """The same by the names of values."""
    for function, *bounds in _between(drafting):
        least, most = (drafting.named(function, one) for one in bounds)
        yield least, most


def _above(drafting: Drafting, variable: Variable) -> int | None:
    """A number that it has to be greater than, so that there is something between the two."""
    found = [math.ceil(float(least)) for least, most in _ends(drafting) if most == variable.name and is_number(least)]
    return max(found, default=0) if any(found) else None


def _below(drafting: Drafting, variable: Variable) -> float:
    """A number that it has to be less than in the case in which the other end is not given, if few draws are; else 0."""
    found = [
        float(values[most])
        for function, least, most in _between(drafting)
        if drafting.named(function, least) == variable.name
        and not (values := _defaults(function)).get(least)
        and is_number(values.get(most, ""))
    ]
    return max(min(found, default=0), 0) if min(found, default=0) < _FEW_BELOW else 0


def _defaults(function: Function) -> dict[str, str]:
    return {one.name: one.value for one in function.parameters}


def ranges_of(drafting: Drafting) -> Iterator[str]:
    """Conditions by which there is something between two arguments: as there is between their defaults."""
    told = {ends: math.inf for ends in _ends(drafting) if {*ends} <= drafting.values()}
    for function, *bounds in _between(drafting):
        least, most = (drafting.named(function, one) for one in bounds)
        values = _defaults(function)
        numbers = [float(values[one]) for one in bounds if is_number(values.get(one, ""))]
        two = [0.0, numbers[0] / 2] if len(numbers) == 1 else numbers or [0.0, 0.0]  # half of the most is drawn at most
        between = two[1] - two[0]
        if (least, most) in told and between > 0:  # else no case has these defaults
            told[least, most] = min(told[least, most], between)
    yield from _no_ties(drafting)
    for (least, most), between in told.items():
        yield f"  - {quoted(f'={least} + 1 <= {most}' if between >= 1 else f'={least} < {most}')}"


def _no_ties(drafting: Drafting) -> Iterator[str]:
    """That nothing ends at the very moment of its timeout: then another way to write it would give something else."""
    pairs = dict[tuple[str, str], None]()
    for function in drafting.file.entries:
        known, values = drafting.known(function), _defaults(function)
        flow = drafting.flow(function)
        for limit, handed in limits_of(flow, partial(hanging_on, drafting, flow)):
            two = known.get(limit, limit), known.get(handed, handed)
            is_told = all(one in drafting.values() or is_number(one) for one in two) and not all(map(is_number, two))
            if is_told and (values.get(limit) or limit) != (values.get(handed) or handed):
                pairs[two] = None
    yield from (f"  - {quoted(f'={one} != {other}')}" for one, other in pairs)


def _rounds(drafting: Drafting, variable: Variable) -> str:
    """Of how often something is done: so many that an order is no luck, and that a range of what is drawn shows."""
    for function, parameter in variable.users:
        if parameter.name == rounds_of(function) and yielded(function, drafting.file.origins) is not None:
            return "{int: [40, 60]}"
        if is_together(drafting, function) and times_of(drafting, function) == variable.name:
            return "{int: [3, 6]}"
        if limit_of(drafting, function) == variable.name:
            return f"{{int: [{_LIMITS[0]}, {_LIMITS[1]}]}}"
        if variable.name in _there(drafting, function):
            return f"{{int: [{_most(drafting, function) + 3}, {_most(drafting, function) + 6}]}}"
    return ""
