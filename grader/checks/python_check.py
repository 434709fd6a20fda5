"""The escape hatch: a function of the author's that looks at a View and says what is not yet right.

It is found in the solutions first, then beside the exercise, and runs on the trusted side; what goes wrong in it is the
course's fault, never the learner's.
"""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from grader.checks.base import PASSED, Finding, View, not_yet
from grader.course.check_model import PythonCheck


def python(check: PythonCheck, view: View) -> Finding:
    """Raises FileNotFoundError, AttributeError or TypeError where the author's function is not as it has to be."""
    file, _, name = check.python.partition(":")
    module = _load(_find(file, view))
    sentence = getattr(module, name)(view)
    if sentence is None:
        return PASSED
    if not isinstance(sentence, str) or not sentence:
        raise TypeError(f"{check.python} gave {sentence!r}; it has to give None or a sentence")
    return not_yet(sentence)


def _find(file: str, view: View) -> Path:
    folders = [Path(folder) for folder in (view.solutions, view.folder) if folder]
    for folder in folders:
        if (folder / file).is_file():
            return folder / file
    raise FileNotFoundError(f"{file} of a python check is in none of {', '.join(map(str, folders))}")


def _load(path: Path) -> ModuleType:
    spec = spec_from_file_location(f"_check_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"{path} cannot be loaded as Python")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
