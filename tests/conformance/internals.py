"""Whether what the clock relies on in the standard library is as it was checked, told by fingerprints of its source.

`python -m tests.conformance.internals` says what is not as it was checked on this Python; with `--write` it takes it down as
checked, in internals.json: do that when the clock's own tests and CPython's have passed on it.
"""

import ast
import hashlib
import importlib
import inspect
import json
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conformance.relied_on import RELIED_ON, Reliance

CHECKED = Path(__file__).with_name("internals.json")
_TO_DO = "Read both, run tests/clock and tests/conformance, then: python -m tests.conformance.internals --write"
Table = dict[str, dict[str, list[str]]]  # name: version of Python: fingerprints that were checked


def this_python() -> str:
    return "{}.{}".format(*sys.version_info)


def found(name: str) -> Any:
    """What `module:dotted` names here; None where there is no such thing."""
    module, _, path = name.partition(":")
    try:
        thing: Any = importlib.import_module(module)
    except ImportError:
        return None
    for part in path.split("."):
        thing = inspect.getattr_static(thing, part, None) if not hasattr(thing, part) else getattr(thing, part)
    return inspect.unwrap(thing) if callable(thing) else thing


def fingerprint(thing: Any) -> str:
    """The same for the same code: comments, docstrings and layout do not count. Of what is written in C, its signature."""
    if thing is None:
        return "absent"
    try:
        code = ast.parse(textwrap.dedent(inspect.getsource(thing)))
    except (TypeError, OSError):
        return _of_other(thing)
    for node in ast.walk(code):
        if (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and ast.get_docstring(node) is not None
        ):
            del node.body[0]
    return hashlib.sha256(ast.dump(code).encode()).hexdigest()[:12]


def _of_other(thing: Any) -> str:
    if isinstance(thing, tuple | list):
        return " ".join(getattr(each, "__name__", str(each)) for each in thing)
    if callable(thing):
        try:
            return f"in C, {inspect.signature(thing)}"
        except ValueError:
            return "in C"
    return type(thing).__name__


def checked() -> Table:
    table: Table = json.loads(CHECKED.read_text(encoding="utf-8"))
    return table


def changes(
    version: str, table: Table, relied_on: tuple[Reliance, ...] = RELIED_ON, find: Callable[[str], Any] = found
) -> list[str]:
    """What is not as it was when it was checked on `version`, a sentence each."""
    said = []
    for each in relied_on:
        for name in each.names:
            known = table.get(name, {}).get(version)
            if known is None:
                said.append(_say(name, each, f"was never checked on Python {version}"))
            elif fingerprint(find(name)) not in known:
                said.append(_say(name, each, f"is not what was checked on Python {version}"))
    return said


def _say(name: str, of: Reliance, what: str) -> str:
    place = name.replace(":", ".")
    return f"{place} {what}; grader/clock/{of.of}.py relies on it: {of.why}. {_TO_DO}"


def write(version: str, table: Table) -> Table:
    """The table, with what is here now as checked too."""
    new: Table = {}
    for name in sorted(name for each in RELIED_ON for name in each.names):
        versions = dict(table.get(name, {}))
        known = versions.get(version, [])
        now = fingerprint(found(name))
        versions[version] = known if now in known else [*known, now]
        new[name] = dict(sorted(versions.items()))
    return new


if __name__ == "__main__":
    table = checked() if CHECKED.exists() else {}
    if "--write" in sys.argv:
        CHECKED.write_text(json.dumps(write(this_python(), table), indent=1) + "\n", encoding="utf-8")
    else:
        print("\n".join(changes(this_python(), table)))
