"""What goes wrong with the imports of a file that is graded as it is, in plain words: what is not there, and circles.

The same is said of it while the file is imported and when its function is called.
"""

import re

from msgspec.structs import replace

from grader.checks import View
from grader.checks.failures import told_in
from grader.grading.places import at, whose
from grader.referee.outcome import Failure
from grader.verdict import Fault

_ROUND = "RecursionError"
_MISSING = "ModuleNotFoundError"
_LOOKED_FOR = {_MISSING: "imports", "FileNotFoundError": "needs"}
_NO_NAME = re.compile(r"module '([^']+)' has no attribute '(\w+)'")
_NOT_IN = re.compile(r"cannot import name '(\w+)' from '(\w+)'")
_UNREAD = re.compile(r"\(([^()/]+\.py), line (\d+)\)\Z")
_RUNS_A_FILE = ("method:exec_module", "method:load_module", "call:runpy.run_path", "call:exec")
_ITSELF = "imports itself, or a file that imports it"
_CIRCLE = "in such a circle neither is there yet when the other needs it"
_LEAVE_OUT = (
    "what ends it stands outside of functions, and is done as soon as the file is imported; leave it out, or put it under "
    '`if __name__ == "__main__":`'
)
_LOOKED = (
    "it was looked for beside your file, and where the file of its own exercise lies; hand it in there, as a plain file of at "
    "most 1 MiB"
)
_USE = "use the files that the exercise names, and what comes with Python"
_LOOK = "look for how it is written there"
_NO_DOT = "leave the dot out"
_NO_ENDING = "leave `.py` out: a file is imported by its name alone"
_WRITE = "write it there, or hand in the file in which it is written"
REMEDIES = (_USE, _LOOK, _NO_DOT, _NO_ENDING, _WRITE)  # by which what is said of an import ends


def cause(failure: Failure, view: View) -> Fault | None:
    """None where it is no matter of importing."""
    if view.module is None:
        return None
    missing, found = not_handed_in(failure, view), _told(failure, view)
    if missing is not None or found is None:
        return missing
    title, detail = found
    if failure.type == _ROUND:  # the depth is met anywhere
        return at(view, f"your file {title}", detail, _runs_a_file(view))
    if title == _ITSELF:
        return at(view, f"your file {title}", detail, failure.line, failure.file)
    return at(view, f"{whose(failure.file)} {title}", detail, failure.line, failure.file)


def not_handed_in(failure: Failure, view: View, afterwards: str = "") -> Fault | None:
    """Where it is an earlier file of the learner's own that is not there, whenever and however it was looked for.

    `afterwards`: what became of the program then.
    """
    if failure.type not in _LOOKED_FOR or failure.about is None:
        return None
    module = failure.about if failure.type == _MISSING else failure.about.removesuffix(".py")
    if module not in view.theirs or f"{module}.py" in view.source.beside:
        return None
    user = "your file" if failure.file is None else f"your `{failure.file}`"
    said = f"{user} {_LOOKED_FOR[failure.type]} it; {_LOOKED}"
    title = f"your own `{module}.py` was not found"
    return at(view, title, "; ".join(filter(None, [said, afterwards])), failure.line, failure.file)


def of_function(failure: Failure, view: View) -> str:
    """The same of an import in a function that was called; empty where it is no matter of importing."""
    found = _told(failure, view) if view.module is not None and failure.type not in ("SystemExit", _ROUND) else None
    if found is None or found[0] == _ITSELF:
        return ""
    return f"{'it' if failure.file is None else f'`{failure.file}`'} {'; '.join(found)}"


def _told(failure: Failure, view: View) -> tuple[str, str] | None:
    lacks = _NO_NAME.search(failure.message) if failure.type == "AttributeError" else None
    # what the message says of a circle hangs on the Python, and on what else it has imported
    of_itself = lacks is not None and lacks[1] == view.module
    if "circular import" in failure.message or of_itself or _goes_round(failure, view):
        return _ITSELF, _CIRCLE
    if failure.type == "SystemExit":
        return "ends the whole program while it is imported", _LEAVE_OUT
    if failure.type == _MISSING and failure.about and failure.about.endswith(".py"):
        return f"imports `{failure.about}` with its ending", _NO_ENDING
    if failure.type == _MISSING and failure.about:
        return f"imports `{failure.about}`, which is not there", _USE
    if failure.type == "ImportError" and "relative import" in failure.message:
        return "imports with a dot in front, which only a file of a package can", _NO_DOT
    by_name = _NOT_IN.search(failure.message) if failure.type == "ImportError" else None
    module, name = (
        (lacks[1], lacks[2]) if lacks is not None else (by_name[2], by_name[1]) if by_name is not None else ("", "")
    )
    if _is_empty(module, view):
        return f"takes `{name}` from your `{module}.py`, in which nothing is written yet", _WRITE
    if lacks is not None or (module in view.theirs and f"{module}.py" in view.source.beside):
        return f"takes `{name}` from `{module}`, which does not have it", _LOOK
    other = _UNREAD.search(failure.message) if "SyntaxError" in failure.bases else None
    if other is not None and other[1] not in (f"{view.module}.py", failure.file):
        line = told_in(replace(failure, line=int(other[2])), view.source.of(other[1])).line
        return f"imports `{other[1]}`, which is not valid Python yet", f"mend its line {line} first"
    return None


def _is_empty(module: str, view: View) -> bool:
    """Whether it is an earlier file of the learner's own, and no more than a name."""
    file = f"{module}.py"
    return module in view.theirs and file in view.source.beside and view.source.of(file).is_empty()


def _goes_round(failure: Failure, view: View) -> bool:
    """Whether a file runs another without end: such a one is loaded anew each time."""
    return failure.type == _ROUND and failure.function == "<module>" and _runs_a_file(view) is not None


def _runs_a_file(view: View) -> int | None:
    lines = [line for pattern in _RUNS_A_FILE for line in view.source.places(pattern)]
    return min(lines, default=None)
