"""What only a kernel has, found in the syntax of an author's cells: imports wherever they stand, and calls by their names.

For what an author wrote alone: a learner's text is never parsed in this process. What is no Python gives nothing here.
"""

import ast
import warnings
from collections.abc import Iterator
from typing import NamedTuple


class Needs(NamedTuple):
    """`imports`: modules, as they are named there, once each; `calls`: with their parentheses."""

    imports: tuple[str, ...]
    calls: tuple[str, ...]


# by the last part of their name alone: whatever loop or module they are asked of
_ANYWHERE = {
    "create_subprocess_exec",
    "create_subprocess_shell",
    "subprocess_exec",
    "subprocess_shell",
    "start_server",
    "start_unix_server",
    "open_connection",
    "open_unix_connection",
    "create_connection",
    "create_unix_connection",
    "create_datagram_endpoint",
    "add_reader",
    "add_writer",
    "ProcessPoolExecutor",
    "raise_signal",
}
_OF_OS = {"system", "popen", "fork", "forkpty", "posix_spawn", "posix_spawnp", "kill", "killpg"}
_SHELL = {"get_ipython"}
_IMPORTERS = {"importlib.import_module", "import_module", "__import__"}


def needs_of(text: str) -> Needs | None:
    """None where it cannot be parsed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    nodes = [*ast.walk(tree)]
    of_os = {name.asname or name.name for name in _from(nodes, "os") if _is_of_os(name.name)}
    imports = [name for node in nodes for name in _imported(node)]
    calls = [f"{called}()" for node in nodes if (called := _called(node, of_os))]
    return Needs(tuple(dict.fromkeys(imports)), tuple(dict.fromkeys(calls)))


def _from(nodes: list[ast.AST], module: str) -> Iterator[ast.alias]:
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module == module and not node.level:
            yield from node.names


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (one.name for one in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield node.module
        yield from (f"{node.module}.{one.name}" for one in node.names)  # a module, perhaps
    elif isinstance(node, ast.Call) and _dotted(node.func) in _IMPORTERS and node.args:
        name = node.args[0]
        if isinstance(name, ast.Constant) and isinstance(name.value, str) and not name.value.startswith("."):
            yield name.value


def _called(node: ast.AST, of_os: set[str]) -> str:
    if not isinstance(node, ast.Call):
        return ""
    name = _dotted(node.func)
    module, _, last = name.rpartition(".")
    there = last in _ANYWHERE or (module == "os" and _is_of_os(last)) or (not module and last in _SHELL | of_os)
    return name if there else ""


def _is_of_os(name: str) -> bool:
    return name in _OF_OS or name.startswith(("exec", "spawn"))


def _dotted(node: ast.expr) -> str:
    """`a.b.c`; of what is no name the last parts: `.b.c`."""
    parts = list[str]()
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "")
    return ".".join(reversed(parts))
