"""The files of a run folder, as texts: the learner's, and those that the exercise provides.

A provided file is a real one, and holds nothing but names: what it gives is done on the trusted side.
"""

from collections.abc import Mapping

from grader.course.model import Exercise, Provided
from grader.run.submitted import Submitted
from grader.runner.folder import OFFERED

Texts = dict[str, str]


def provided_modules(exercise: Exercise, *, own: bool) -> dict[str, Provided]:
    """By their names; with `own` the learner has those himself that his file needs."""
    modules: Mapping[str, Provided] = exercise.file.world.modules
    return {name: one for name, one in modules.items() if not (own and name in exercise.file.needs)}


def files_of(exercise: Exercise, submitted: Submitted, *, own: bool) -> Texts:
    """All that stands in the folder, as latin-1 texts by the files' names; the learner's file wins over any other."""
    texts = {f"{name}.py": text_of(one) for name, one in provided_modules(exercise, own=own).items()}
    if own:
        texts |= {f"{name}.py": data.decode("latin-1") for name, data in submitted.files}
    return texts | {f"{exercise.module}.py": submitted.source.decode("latin-1")}


def text_of(provided: Provided) -> str:
    """What a learner would read in the file, in UTF-8 as latin-1."""
    lines = [_import(name) for name in provided.also]
    if provided.operations:
        lines.append(f"from {OFFERED} import {', '.join(provided.operations)}")
    text = "\n".join(['"""Part of the exercise."""', "", *lines, ""])
    if provided.code:
        text += f"\n\n{provided.code.strip()}\n"
    return text.encode().decode("latin-1")


def _import(name: str) -> str:
    module, _, last = name.rpartition(".")
    return f"from {module} import {last}" if module else f"import {name}"
