"""The files of a run folder, as texts: the learner's, and those that the exercise provides, to be imported or to be read.

A provided module is a real file, and holds nothing but heads of functions: what they give is done on the trusted side.
"""

from collections.abc import Mapping
from typing import Any

from grader.course.model import Exercise, Operation, Provided
from grader.course.params import names_of
from grader.door.messages import OFFERED
from grader.run.submitted import Submitted

Texts = dict[str, str]
_WORDS = '"""Part of the exercise."""'


def provided_modules(exercise: Exercise, *, own: bool) -> dict[str, Provided]:
    """By their names; with `own` the learner has those himself that his file needs."""
    modules: Mapping[str, Provided] = exercise.file.world.modules
    return {name: one for name, one in modules.items() if not (own and name in exercise.file.needs)}


def files_of(exercise: Exercise, submitted: Submitted, *, own: bool) -> Texts:
    """All that stands in the folder, as latin-1 texts by the files' names; the learner's file wins over any other.

    `submitted`: what lies there of theirs, as `with_needs` gives it.
    """
    operations = exercise.file.world.operations
    texts = {name: text.encode().decode("latin-1") for name, text in exercise.file.world.files.items()}
    texts |= {f"{name}.py": text_of(one, operations) for name, one in provided_modules(exercise, own=own).items()}
    texts |= {f"{name}.py": data.decode("latin-1") for name, data in submitted.files}
    return texts | {f"{exercise.module}.py": submitted.source.decode("latin-1")}


def noted_of(exercise: Exercise, module: str) -> dict[str, list[Any]]:
    """The functions of an earlier file whose calls are noted where it is the learner's own: those that would be operations,
    with the place of the key among their parameters, and whether they are coroutine functions."""
    provided = exercise.file.world.modules.get(module) if module in exercise.file.needs else None
    operations = exercise.file.world.operations
    return {name: _noted(operations[name]) for name in provided.operations} if provided is not None else {}


def _noted(operation: Operation) -> list[Any]:
    at = None if operation.key is None else names_of(operation.params).index(operation.key)
    return [at, not (operation.plain or operation.blocking)]


def text_of(provided: Provided, operations: Mapping[str, Operation]) -> str:
    """What a learner would read in the file, in UTF-8 as latin-1."""
    text = "\n".join([_WORDS, "", *map(_import, provided.also), ""])
    text += "".join(_function(name, operations[name]) for name in provided.operations)
    if provided.code:
        text += f"\n\n{provided.code.strip()}\n"
    return text.encode().decode("latin-1")


def _function(name: str, operation: Operation) -> str:
    """Its head, and that what it does is done elsewhere."""
    word = "def" if operation.plain or operation.blocking else "async def"
    head = f"{word} {name}({', '.join(operation.params)}):"
    return f'\n\n{head}\n    {_WORDS}\n\n\n{name} = __import__("{OFFERED}").stands_for({name})\n'


def _import(name: str) -> str:
    module, _, last = name.rpartition(".")
    return f"from {module} import {last}" if module else f"import {name}"
