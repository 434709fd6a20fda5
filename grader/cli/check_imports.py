"""Modules that a program can import on this machine, and not where it is marked."""

import ast
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from typing import TYPE_CHECKING

from grader.checks import Source
from grader.course.model import Exercise

if TYPE_CHECKING:
    from grader.run.submitted import Submitted

_STANDS_IN = {"IPython", "grader", "nest_asyncio", "nest_asyncio2"}  # there is something for these in a notebook


def only_here(exercise: Exercise, work: "bytes | Submitted") -> tuple[str, ...]:
    """Those of installed packages that the exercise does not name, as the program's text has them; read, and never run."""
    from grader.run.helpers import top_of
    from grader.run.packages import located

    text, beside = (work, ()) if isinstance(work, bytes) else (work.source, work.files)
    tree = Source.read(text, exercise.module).tree
    given = {
        *sys.stdlib_module_names,
        *_STANDS_IN,
        *located(tuple(exercise.packages)),
        *(top_of(name) for name, _ in beside),
    }
    asked = dict.fromkeys(name for name in (_imported(tree) if tree else ()) if name not in given)
    installed = packages_distributions() if asked else {}
    return tuple(name for name in asked if name in installed)


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
