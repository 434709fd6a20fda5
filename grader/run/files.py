"""The files of a run folder, as texts: the learner's, and those that the exercise provides.

A provided file is a real one, and holds nothing but heads of functions: what they give is done on the trusted side.
"""

from collections.abc import Mapping

from grader.course.model import Exercise, Operation, Provided
from grader.run.submitted import Submitted
from grader.runner.folder import OFFERED

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
    texts = {f"{name}.py": text_of(one, operations) for name, one in provided_modules(exercise, own=own).items()}
    texts |= {f"{name}.py": data.decode("latin-1") for name, data in submitted.files}
    return texts | {f"{exercise.module}.py": submitted.source.decode("latin-1")}


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
