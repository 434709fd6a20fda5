"""Proofreading of exercises that grade files as they are: the file's name, those beside it, and what is provided of them.

A file that would hide a module of Python's own is refused, because whatever imports that would get it.
"""

import ast
import sys
from collections.abc import Iterator

from grader.course.model import ExerciseFile, Provided
from grader.course.names import SLEEP
from grader.course.nearest import did_you_mean
from grader.course.params import defaults_of, misplaced, names_of
from grader.course.proof import Proof
from grader.course.shapes import seen
from grader.course.yaml_marks import Path

_RESERVED = "_exercise"


def proofread_adopted(proof: Proof) -> None:
    file = proof.file
    if file.module is None and file.within is None:
        _only_for_files(proof, file)
    for path, name in _names(file):
        _name(proof, path, name)
    _within(proof, file.within)
    _needs(proof, file)
    for name, provided in file.world.modules.items():
        _provided(proof, ("world", "modules", name), provided)
    for name in file.world.files:
        if name.lower().endswith(".py"):
            proof.add(("world", "files", name), f"{name!r} is a Python file; describe it under 'modules'")
    if SLEEP in file.world.replaces:
        _sleep(proof, file)


def _only_for_files(proof: Proof, file: ExerciseFile) -> None:
    found: dict[Path, object] = {("needs",): file.needs, ("world", "modules"): file.world.modules}
    found[("world", "files")] = file.world.files
    found[("dependencies",)] = file.dependencies != "provided"
    for path, value in found.items():
        if value and proof.sure_of((), "module", "within"):
            message = f"{path[-1]!r} is for files that are graded as they are; add 'module' or 'within', or remove it"
            proof.tell(path, message)


def _names(file: ExerciseFile) -> Iterator[tuple[Path, str]]:
    if file.module is not None:
        yield ("module",), file.module
    yield from ((("needs", at), name) for at, name in enumerate(file.needs))
    yield from ((("world", "modules", name), name) for name in file.world.modules)


def _name(proof: Proof, path: Path, name: str) -> None:
    if name in sys.stdlib_module_names or name == _RESERVED:
        proof.add(path, f"{name!r} is the name of another module, which it would hide; choose another")


def _within(proof: Proof, within: str | None) -> None:
    parts = (within or "x").replace("\\", "/").split("/")
    if any(part in ("", ".", "..") for part in parts):
        message = f"'within' is {seen(within)}; name a folder of what is handed in, such as 'async_basics'"
        proof.add(("within",), message)


def _needs(proof: Proof, file: ExerciseFile) -> None:
    proof.unique(((("needs", at), name) for at, name in enumerate(file.needs)), "module", "keep one")
    for at, name in enumerate(file.needs):
        if name == file.module:
            proof.add(("needs", at), f"{name!r} is the exercise's own file; remove it")
        elif file.dependencies != "own" and name not in file.world.modules and proof.sure_of(("world",), "modules"):
            why = did_you_mean(name, file.world.modules) or ""
            message = f"nothing is provided for {name!r}{why}; describe it under 'modules' of the world"
            proof.add(("needs", at), message)
        elif file.dependencies == "own" and name in file.world.modules:
            message = f"{name!r} is the learner's own, so nothing of it is provided; remove it, or write 'both'"
            proof.add(("world", "modules", name), message)
    if file.dependencies != "provided" and not file.needs and proof.sure_of((), "needs"):
        proof.add(("dependencies",), f"{file.dependencies!r} says whose the earlier files are; name them under 'needs'")
    if file.dependencies == "own":
        _nothing_provided(proof, file)
    if file.module is not None and file.module in file.world.modules:
        proof.add(("world", "modules", file.module), f"{file.module!r} is the learner's own file; remove it")


def _nothing_provided(proof: Proof, file: ExerciseFile) -> None:
    for name, entry in file.entries.items():
        for at, check in enumerate(entry.checks):
            if check.under is not None:
                message = (
                    "no earlier file is provided here, so this would never be looked at; remove it, or write 'both'"
                )
                proof.add(("entries", name, "checks", at, "under"), message)


def _provided(proof: Proof, path: Path, provided: Provided) -> None:
    known = proof.declared.operations
    places = [((*path, "operations", at), name) for at, name in enumerate(provided.operations)]
    proof.unique(places, "operation", "keep one")
    for place, name in places:
        if known is not None and name not in known:
            why = did_you_mean(name, known) or "; the world has no operations"
            proof.add(place, f"{name!r} is no operation of the world{why}")
    if not (provided.operations or provided.also or provided.code) and proof.sure(path):
        proof.tell(path, f"{path[-1]!r} provides nothing; name its operations")
    try:
        ast.parse(provided.code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f" (in its line {line})" if line else ""
        proof.add((*path, "code"), f"the code of {path[-1]!r} is not valid Python{where}; mend the syntax")


def _sleep(proof: Proof, file: ExerciseFile) -> None:
    path: Path = ("world", "replaces", file.world.replaces.index("asyncio.sleep"))
    operation = file.world.operations.get("sleep")
    if operation is None:
        if proof.sure(("world", "operations")):
            example = "sleep: {params: [delay, 'result=None'], key: delay, duration: '=delay', result: '=result'}"
            proof.add(path, f"there is no operation 'sleep' that could stand for {SLEEP!r}; write '{example}'")
        return
    place: Path = ("world", "operations", "sleep")
    if operation.plain or operation.blocking or not 1 <= len(operation.params) <= 2:
        message = f"'sleep' stands for {SLEEP!r}: it takes time, and takes 'delay' and, if need be, 'result=None'"
        proof.add(place, message)


def proofread_params(proof: Proof, path: Path, params: list[str]) -> None:
    """`params` of an operation, with their defaults; `path` is theirs."""
    for at, param in enumerate(names_of(params)):
        proof.name((*path, at), param, "parameter")
    proof.unique((((*path, at), param) for at, param in enumerate(names_of(params))), "parameter")
    try:
        defaults_of(params)
    except ValueError as error:
        proof.add(path, str(error))
    stray = misplaced(params)
    if stray:
        proof.add(path, f"{stray!r} has no default, and stands after one that has; give it one, or move it before")
