"""The escape hatch: a function of the author's that looks at a View and says what is not yet right.

It is found in the solutions first, then beside the exercise, and runs on the trusted side; what goes wrong in it is the
course's fault, never the learner's.
"""

import os
from functools import lru_cache
from types import CodeType, ModuleType

from grader.checks.base import PASSED, Finding, View, not_yet
from grader.course.check_model import PythonCheck
from grader.course.contents import contents


def python(check: PythonCheck, view: View) -> Finding:
    """Raises FileNotFoundError, AttributeError or TypeError where the author's function is not as it has to be."""
    file, _, name = check.python.partition(":")
    place = file, view.solutions, view.folder
    module = _executed(*view.source.once(("python", *place), lambda: _found(*place)))
    sentence = getattr(module, name)(view)
    if sentence is None:
        return PASSED
    if not isinstance(sentence, str) or not sentence:
        raise TypeError(f"{check.python} gave {sentence!r}; it has to give None or a sentence")
    return not_yet(sentence)


def _found(file: str, *among: str | None) -> tuple[str, bytes]:
    """Where it is, and its text; read once for a submission, so that all its cases are looked at by the same."""
    folders = [folder for folder in among if folder]
    for folder in folders:
        path = os.path.join(folder, file)
        text = contents(path)
        if text is not None:
            return path, text
    raise FileNotFoundError(f"{file} of a python check is in none of {', '.join(folders)}")


def _executed(path: str, text: bytes) -> ModuleType:
    """The author's module, made anew for each run: what it keeps from one submission must not reach another."""
    name, _ = os.path.splitext(os.path.basename(path))
    module = ModuleType(f"_check_{name}")
    module.__file__ = path
    exec(_compiled(text, path), vars(module))
    return module


@lru_cache(maxsize=64)
def _compiled(text: bytes, path: str) -> CodeType:
    return compile(text, path, "exec", dont_inherit=True)
