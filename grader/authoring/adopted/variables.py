"""The values of a case that a drafted exercise calls its functions with.

Parameters of one name share one, if one and the same can be given for all of them.
"""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from grader.authoring.adopted.arguments import uses_of
from grader.authoring.adopted.drafting import Drafting, lengths_of
from grader.authoring.adopted.functions import Function, Parameter
from grader.authoring.adopted.names import free
from grader.authoring.adopted.reference import Reference, ReferenceFile
from grader.authoring.adopted.types import is_collection, type_of
from grader.authoring.adopted.world import DraftWorld


@dataclass(slots=True)
class Variable:
    """`kind` is the type's name, of each of them where `several`, and empty where the text does not tell. `users` are the
    functions that are called with it, each with its parameter."""

    name: str
    kind: str
    several: bool
    users: list[tuple[Function, Parameter]] = field(default_factory=list)


def variables_of(reference: Reference, file: ReferenceFile, world: DraftWorld) -> list[Variable]:
    own = {function.name: {one.name: one.name for one in function.parameters} for function in file.entries}
    by_itself = Drafting(reference, file, world, own)
    found, taken = list[Variable](), set(world.names())
    for function in file.entries:
        lengths = lengths_of(by_itself, function)
        for one in function.parameters:
            kind, several = _shape(one, counted=one.name in lengths)
            several = several or (not kind and uses_of(function, one.name, file.origins).is_many)
            same = [each for each in found if each.users[0][1].name == one.name]
            fits = [each for each in same if each.several == several and (not kind or each.kind in ("", kind))]
            if not fits:
                name = f"{one.name}_{len(same) + 1}" if same else one.name
                fits = [Variable(free(name, taken), kind, several)]
                taken.add(fits[0].name)
                found += fits
            fits[0].kind = fits[0].kind or kind
            fits[0].users.append((function, one))
    return found


def names_of(variables: Sequence[Variable]) -> dict[str, dict[str, str]]:
    """By the functions' names and those of their parameters."""
    found = dict[str, dict[str, str]]()
    for variable in variables:
        for function, parameter in variable.users:
            found.setdefault(function.name, {})[parameter.name] = variable.name
    return found


def _shape(parameter: Parameter, *, counted: bool) -> tuple[str, bool]:
    """`counted`: it has items, by what is done with it."""
    kind, several = type_of(parameter.annotation)
    kind = kind or _kind_of(parameter.value)
    return "" if is_collection(kind) else kind, several or counted or is_collection(kind)


def _kind_of(default: str) -> str:
    try:
        return type(ast.literal_eval(default)).__name__ if default else ""
    except (ValueError, SyntaxError):
        return ""
