"""Proofreading of the world: operations in YAML, and the module that stands beside them.

World code is read, never run, here.
"""

import os
from typing import Any

from grader.course.model import Operation
from grader.course.names import SLEEP
from grader.course.nearest import did_you_mean
from grader.course.params import NUMBER, names_of
from grader.course.proof import MAX_AMOUNT, Names, Proof, exception_names, is_amount, is_exception, joined
from grader.course.proof_adopted import proofread_params
from grader.course.shapes import seen
from grader.course.world_code import read_world_code
from grader.course.yaml_marks import Path
from grader.errors import CourseError, Problem

_AT_ONCE = ("duration", "cleanup")


def proofread_world(proof: Proof) -> None:
    world = proof.file.world
    for name, operation in world.operations.items():
        _operation(proof, ("world", "operations", name), name, operation)
    for at, name in enumerate(world.gives):
        proof.name(("world", "gives", at), name, "what the world gives,")
    _clashes(proof)
    if world.python is not None:
        _module(proof, world.python)
        return
    for part in ("gives", "records", "replaces"):
        if [name for name in getattr(world, part) if name != SLEEP] and proof.sure_of(("world",), "python"):
            proof.tell(("world", part), f"{part!r} needs world code; add 'python: world.py', or remove it")


def _operation(proof: Proof, path: Path, name: str, operation: Operation) -> None:
    proof.name(path, name, "operation")
    proofread_params(proof, (*path, "params"), operation.params)
    params = names_of(operation.params)
    sure = proof.sure((*path, "params"))
    if operation.key is not None and operation.key not in params and sure:
        why = did_you_mean(operation.key, params) or "; add it to 'params'"
        proof.add((*path, "key"), f"the key {operation.key!r} of {name} is none of its params{why}")
    names = joined(proof.declared.vars, _parameters(proof, (*path, "params"), params), frozenset({NUMBER}))
    for part in ("duration", "result", "fails", "message", "cleanup"):
        proof.value((*path, part), getattr(operation, part), names)
    proof.value((*path, "capacity"), operation.capacity, proof.declared.vars)
    _numbers(proof, path, operation)
    if not is_exception(operation.raises):
        why = did_you_mean(operation.raises, exception_names()).partition("; choose")[0]
        proof.add((*path, "raises"), f"{operation.raises!r} is not a builtin exception{why or '; use one'}")


def _parameters(proof: Proof, path: Path, params: list[str]) -> Names | None:
    """Their names, also of those that lack their quotes."""
    unread = {hole for hole in proof.holes if hole[: len(path)] == path}
    written = proof.document.written
    return frozenset(params) | {written[hole] for hole in unread} if unread <= written.keys() else None


def _numbers(proof: Proof, path: Path, operation: Operation) -> None:
    for part in _AT_ONCE:
        value = getattr(operation, part)
        if operation.plain and value not in (0, None) and proof.sure((*path, "plain")):
            proof.add((*path, part), f"{path[-1]!r} is plain and answers at once; remove {part!r}")
        elif not is_amount(value) or (value is None and part != "capacity"):
            most = f", at most {MAX_AMOUNT}" if isinstance(value, int | float) and value > MAX_AMOUNT else ""
            message = f"{part!r} is {seen(value)}; it must be a number from 0 on{most}, or an expression"
            proof.add((*path, part), message)
    if operation.blocking and operation.plain and proof.sure((*path, "plain")):
        proof.add((*path, "blocking"), f"{path[-1]!r} is plain and answers at once; remove 'blocking', or 'plain'")
    elif operation.blocking and operation.cleanup not in (0, None):
        proof.add((*path, "cleanup"), f"{path[-1]!r} is blocking and cannot be cancelled; remove 'cleanup'")
    if operation.plain and operation.capacity is not None:
        proof.add((*path, "capacity"), f"{path[-1]!r} is plain and answers at once; remove 'capacity'")
    elif not _is_room(operation.capacity):
        message = f"'capacity' is {seen(operation.capacity)}; it must be a whole number from 1 on, or an expression"
        proof.add((*path, "capacity"), message)
    if not (isinstance(operation.fails, bool) or _is_expression(operation.fails)):
        message = f"'fails' is {seen(operation.fails)}; it must be true, false or an expression that says when"
        proof.add((*path, "fails"), message)


def _is_expression(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("=")


def _is_room(value: Any) -> bool:
    return value is None or _is_expression(value) or (is_amount(value, whole=True) and value > 0)


def _clashes(proof: Proof) -> None:
    world, named = proof.file.world, proof.declared
    places: list[tuple[Path, str]] = [(("world", "operations", name), name) for name in world.operations]
    places += [(("world", "gives", at), name) for at, name in enumerate(world.gives)]
    taken: Names = named.vars or frozenset()
    for path, name in places:
        if name in taken:
            proof.tell(path, f"{name!r} is a var as well; choose another name")
    proof.unique(places, "the name")


def _module(proof: Proof, name: str) -> None:
    path = os.path.join(proof.folder, name)
    if not proof.sure(("world", "python")):
        return
    if not os.path.isfile(path):
        proof.add(("world", "python"), f"there is no file {name!r} beside the exercise; write it, or remove 'python'")
        return
    proof.problems += module_problems(proof.folder, name)


def module_problems(folder: str, name: str) -> list[Problem]:
    """What is not right about the world's code; nothing where there is none."""
    path = os.path.join(folder, name)
    try:
        if os.path.isfile(path):
            read_world_code(path)
    except CourseError as error:
        return list(error.problems)
    return []
