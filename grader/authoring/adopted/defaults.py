"""Arguments that a drafted exercise leaves out in a case of its own: so a default that is not there, or is another, costs what
stands for it and no more.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import replace

from grader.authoring.adopted.checks import drafts_of
from grader.authoring.adopted.drafting import MANY, Drafted, Drafting, times_of
from grader.authoring.adopted.functions import Function, Parameter
from grader.authoring.adopted.names import key
from grader.authoring.adopted.waits import is_number, yielded

CHECK = "default"
_NONE, _LONGEST = "None", 60  # of a default's text


def by_default(drafting: Drafting, function: Function) -> list[Parameter]:
    """The last parameters, whose defaults are plain numbers or None: the case in which they are not given."""
    found = list[Parameter]()
    for one in reversed(function.parameters):
        is_times = drafting.named(function, one.name) == times_of(drafting, function)
        is_slept = one.name == drafting.wait(function).seconds
        if not _is_left_out(one.value, is_times=is_times, is_slept=is_slept):
            break
        found.insert(0, one)
    return [] if _is_nothing_between(drafting, function, {one.name: one.value for one in found}) else found


def _is_left_out(value: str, *, is_times: bool, is_slept: bool) -> bool:
    """Whether a case can go without it. No sleep lasts less than no time, and of few things nothing is seen."""
    if value == _NONE:
        return not (is_times or is_slept)
    return is_number(value) and not (is_times and not 3 <= float(value) <= 10) and not (is_slept and float(value) < 0)


def _is_nothing_between(drafting: Drafting, function: Function, values: Mapping[str, str]) -> bool:
    """Whether it draws between two ends of which the greater is no greater, where these are given."""
    bounds = drafting.wait(function).bounds or yielded(function, drafting.file.origins)
    if bounds is None or bounds[1] not in values:
        return False
    if _NONE in (values[bounds[1]], values.get(bounds[0])):
        return True
    return float(values[bounds[1]]) <= float(values.get(bounds[0], bounds[0] if is_number(bounds[0]) else 0))


def untold(drafting: Drafting, function: Function) -> Iterator[str]:
    """What is left to do for defaults that no case leaves out."""
    given = by_default(drafting, function)
    left = [one for one in function.parameters if one not in given and _is_plain(one.value)]
    if left:
        which = ", ".join(f"{one.name!r} has the default {_short(one.value)}" for one in left)
        omit = len(function.parameters) - function.parameters.index(left[0])
        check = f"{CHECK}-2" if given else CHECK
        case = f"a case with 'omit: {omit}' and 'checks: [{check}]'"
        yield f"      # TODO: no case shows that {which}; add {case}, and here a check {check!r} that fails for another default"


def _is_plain(text: str) -> bool:
    """Whether it is written out: no name, and nothing that is computed."""
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return False
    return True


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def default_check(drafting: Drafting, function: Function) -> Drafted | None:
    """What shows which default it has: what is drafted of the argument, if anything is; else it is left to be filled in."""
    given = by_default(drafting, function)
    if not given:
        return None
    names = {drafting.named(function, one.name): one for one in given}
    nothing = [name for name, one in names.items() if one.value == _NONE]  # of which no number is asked
    about = [
        one for one in drafts_of(drafting, function) if any(map(one.names, names)) and not any(map(one.names, nothing))
    ]
    told = [one for one in about if one.kind == "holds"]
    # what fails with the argument, too, fails without it whatever the default is
    asked = f"Give {' and '.join(f'{one.name!r} the default {one.value}' for one in given)}, if it is not so yet."
    without, values = (
        " and ".join(parts) for parts in zip(*((repr(one.name), one.value) for one in given), strict=True)
    )
    if not about:
        value = f"TODO: what is returned without {without}; if that does not tell, another check, or none and no case for it"
        return Drafted(CHECK, "result", value, asked)
    if told[:1] != about[:1]:
        about = [_as_holds(one) for one in about]
        several = [one for one in about if one.kind == "holds"]
        told = several if len(told) < len(several) == len(about) else told
    first = about[0]
    if told[:1] == [first]:
        told_by = [one.hanging or one.value for one in told]
        holds = f"={' and '.join(f'({one[1:]})' for one in told_by)}" if len(told_by) > 1 else told_by[0]
        found = Drafted(
            CHECK, "holds", holds, asked, f"without {without} it does not do all that is asked for with {values}"
        )
    else:
        # a greater default has more at once, so what is least is most as well
        least = first.bounds[1] if first.kind == "concurrency" else ""
        found = replace(first, name=CHECK, help=asked, says="", bounds=(first.bounds[0] or least, least))
    unseen = [repr(one.name) for name, one in names.items() if not found.names(name)]
    todo = f"nothing here shows which default {' and '.join(unseen)} has" if unseen else ""
    return replace(found, todo="; ".join(filter(None, [found.todo, todo])))


def _as_holds(one: Drafted) -> Drafted:
    """How many calls there are of an operation, said so that it can be asked for together with what else hangs on a default."""
    operation = one.value.removesuffix("[*]")
    if one.kind != "calls" or not one.count or "[" in operation:
        return one
    return replace(one, kind="holds", value=f"=calls[{operation!r}] == {one.count[1:]}", count="")


def default_cases(drafting: Drafting, shown: list[str]) -> Iterator[str]:
    """`shown`: the functions that are called many times."""
    number = 0
    for function in drafting.file.entries:
        given = by_default(drafting, function)
        if given:
            number += 1
            repeat = f", repeat: {MANY}" if function.name in shown else ""
            only = f", only: [{key(function.name)}]" if len(drafting.file.entries) > 1 else ""
            values = {drafting.named(function, one.name): one.value for one in given}
            fixed = ", ".join(f"{key(name)}: {'null' if value == _NONE else value}" for name, value in values.items())
            name = "by-default" + (f"-{number}" if number > 1 else "")
            yield f"  - {{name: {name}, omit: {len(given)}, checks: [{CHECK}]{repeat}{only}, with: {{{fixed}}}}}"
