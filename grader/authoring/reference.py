"""Reference files of a course that exists, as their text tells them: functions, kinds, arguments, sleeps and imports.

Nothing is run. What cannot be told from the text is not guessed: it is left out, or named.
"""

import ast
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from grader.course.yaml_marks import shown
from grader.errors import CourseError, Problem, UsageError

Kind = Literal["coroutine", "async_generator", "function", "function_in_loop"]
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_MAKES_TASKS = frozenset({"create_task", "ensure_future", "Task", "get_running_loop"})
_RUNS_LOOPS = frozenset({"run", "run_until_complete", "run_forever"})
_IMPORTERS = frozenset({"__import__", "import_module", "spec_from_file_location", "SourceFileLoader"})
_LEFT_OUT = re.compile(r"(__\w+__|test_.*|.*_test|conftest|setup|(\d+[-_])?main)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parameter:
    """`default` and `annotation` are the text of the expressions, empty where there is none."""

    name: str
    default: str = ""
    annotation: str = ""


@dataclass(frozen=True, slots=True)
class Function:
    """A public function of a file. `sleeps` are the arguments of its asyncio.sleep, as text; `uses` names of earlier files."""

    name: str
    kind: Kind
    parameters: tuple[Parameter, ...]
    sleeps: tuple[str, ...]
    uses: tuple[str, ...]
    doc: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Imported:
    """`names` that are taken from another file of the same folder."""

    module: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReferenceFile:
    """`within` is the name of its folder; `also` what it imports beside the files of its folder: `random`, `typing.List`."""

    path: Path
    within: str
    functions: tuple[Function, ...]
    imports: tuple[Imported, ...]
    also: tuple[str, ...]
    tree: ast.Module

    @property
    def module(self) -> str:
        return self.path.stem

    def function(self, name: str) -> Function | None:
        return next((one for one in self.functions if one.name == name), None)


@dataclass(frozen=True, slots=True)
class LeftOut:
    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Reference:
    """In the order of folders and, there, of names, numbers as numbers."""

    files: tuple[ReferenceFile, ...]
    left_out: tuple[LeftOut, ...]

    def file(self, within: str, module: str) -> ReferenceFile | None:
        return next((file for file in self.files if (file.within, file.module) == (within, module)), None)

    def needs(self, file: ReferenceFile) -> tuple[str, ...]:
        """All files of its folder that it imports, and those that they import, in the course's order."""
        found: set[str] = set()
        waiting = [file]
        while waiting:
            for one in waiting.pop().imports:
                other = self.file(file.within, one.module)
                if other is not None and one.module not in found:
                    found.add(one.module)
                    waiting.append(other)
        return tuple(one.module for one in self.files if one.within == file.within and one.module in found)


def read_reference(folder: Path, but: Path | None = None) -> Reference:
    """The files below `folder`, but for those below `but`.

    Raises UsageError where there are none, and CourseError for all that cannot be described.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder; name one that holds reference files")
    paths = sorted(
        (path for path in _python_files(folder) if but is None or but.resolve() not in path.parents), key=_natural
    )
    if not paths:
        raise UsageError(f"{folder}: there is no Python file in it; name a folder that holds reference files")
    problems, files, left = _twice(paths), list[ReferenceFile](), list[LeftOut]()
    for path in paths:
        if _LEFT_OUT.fullmatch(path.stem):
            left.append(LeftOut(path, "by its name it runs or tests other files"))
            continue
        try:
            file = _read(path)
        except (SyntaxError, ValueError) as error:
            problems.append(_unreadable(path, error))
            continue
        if file.functions:
            files.append(file)
        else:
            left.append(LeftOut(path, "it has no function at its top that could be called"))
    found = Reference(tuple(files), tuple(left))
    problems += _circles(found)
    if problems:
        raise CourseError(problems)
    if not files:
        raise UsageError(f"{folder}: no file in it has a function; name a folder that holds reference files")
    return found


def _python_files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*.py"):
        way = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") or part == "__pycache__" for part in way):
            yield path.resolve()


def _natural(path: Path) -> tuple[list[str], list[tuple[int, str]]]:
    """Folders by name; in a folder 2 comes before 10."""
    return list(path.parts[:-1]), [
        (int(number or -1), text.lower()) for number, text in re.findall(r"(\d*)(\D*)", path.stem)
    ]


def _twice(paths: Sequence[Path]) -> list[Problem]:
    """Files that one pattern would find both: the same name in two folders of one name."""
    first: dict[tuple[str, str], Path] = {}
    found = []
    for path in paths:
        other = first.setdefault((path.parent.name.lower(), path.stem), path)
        if other is not path and not _LEFT_OUT.fullmatch(path.stem):
            message = f"{shown(other)} has the same name in a folder of the same name; rename one of the folders"
            found.append(Problem(shown(path), 0, message))
    return found


def _unreadable(path: Path, error: SyntaxError | ValueError) -> Problem:
    line = error.lineno or 0 if isinstance(error, SyntaxError) else 0
    return Problem(shown(path), line, f"it is no Python that can be read ({_why(error)}); mend it, or move it away")


def _why(error: SyntaxError | ValueError) -> str:
    return error.msg if isinstance(error, SyntaxError) else str(error)


def _circles(reference: Reference) -> list[Problem]:
    return [
        Problem(
            shown(file.path), 0, f"{file.module!r} imports itself, by way of {_by_way(reference, file)}; cut the circle"
        )
        for file in reference.files
        if file.module in reference.needs(file)
    ]


def _by_way(reference: Reference, file: ReferenceFile) -> str:
    return ", ".join(map(repr, (name for name in reference.needs(file) if name != file.module))) or "no other file"


# ---------------------------------------------------------------- one file


def _read(path: Path) -> ReferenceFile:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python thinks of old escapes is not for now
        tree = ast.parse(path.read_bytes(), str(path))
    there = {other.stem for other in path.parent.glob("*.py")}
    imports = tuple(_imported(tree, there))
    taken = {name for one in imports for name in one.names}
    functions = tuple(
        _function(node, taken) for node in tree.body if isinstance(node, _Function) and not node.name.startswith("_")
    )
    return ReferenceFile(path, path.parent.name, functions, imports, tuple(_also(tree, there)), tree)


def _imported(tree: ast.Module, there: set[str]) -> Iterator[Imported]:
    """In whatever way: `import`, `from`, `__import__`, importlib, or by a path that ends with the file's name."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in there:
            found.setdefault(node.module, set()).update(alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in there:
                    found.setdefault(alias.name, set())
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _named(node.value) in there:
            found.setdefault(_named(node.value), set())
    for module, names in sorted(found.items()):
        if _is_imported(tree, module) or names:
            yield Imported(module, tuple(sorted(names | set(_taken(tree, module)))))


def _named(text: str) -> str:
    """What a file is called in an import or a path: `0-a`, `./0-a.py`."""
    return text.replace("\\", "/").rpartition("/")[2].removesuffix(".py")


def _is_imported(tree: ast.Module, module: str) -> bool:
    """Whether the name stands where something is imported, and is not just a text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and module in [alias.name for alias in node.names]:
            return True
        if isinstance(node, ast.Call) and _last(node.func) in _IMPORTERS and _mentions(node, module):
            return True
    return False


def _taken(tree: ast.Module, module: str) -> Iterator[str]:
    """Names that are asked of the module: `__import__("0-a").name`, and `a.name` where `a = __import__("0-a")`."""
    holders = set(_assigned(tree, lambda call: _mentions(call, module)))
    if holders:  # module_from_spec(spec) holds the module as well
        holders |= set(_assigned(tree, lambda call: bool(holders & {_last(argument) for argument in call.args})))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr != "loader":
            of = node.value
            if (isinstance(of, ast.Name) and of.id in holders) or (isinstance(of, ast.Call) and _mentions(of, module)):
                yield node.attr


def _assigned(tree: ast.Module, is_meant: Callable[[ast.Call], bool]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and is_meant(node.value):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _mentions(node: ast.Call, module: str) -> bool:
    """Whether the call names the module, or its file."""
    said = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return module in map(_named, said)


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _also(tree: ast.Module, there: set[str]) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name not in there and alias.asname is None)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level and node.module not in there:
            yield from (f"{node.module}.{alias.name}" for alias in node.names if alias.name != "*")


# ---------------------------------------------------------------- one function


def _function(node: _Function, taken: set[str]) -> Function:
    calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
    names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    names |= {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
    return Function(
        node.name,
        _kind(node, {_last(call.func) for call in calls}),
        tuple(_parameters(node.args)),
        tuple(ast.unparse(call.args[0]) for call in calls if _last(call.func) == "sleep" and call.args),
        tuple(sorted(taken & names)),
        ast.get_docstring(node) or "",
        node.lineno,
    )


def _kind(node: _Function, called: set[str]) -> Kind:
    if isinstance(node, ast.AsyncFunctionDef):
        return "async_generator" if any(map(_is_yield, _own(node))) else "coroutine"
    returned = _last(node.returns) if isinstance(node.returns, ast.expr) else ""
    makes_tasks = returned in {"Task", "Future"} or bool(called & _MAKES_TASKS)
    return "function_in_loop" if makes_tasks and not called & _RUNS_LOOPS else "function"


def _is_yield(node: ast.AST) -> bool:
    return isinstance(node, ast.Yield)


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """All below a function, without what functions in it do."""
    for inner in ast.iter_child_nodes(node):
        if not isinstance(inner, _Function | ast.Lambda | ast.ClassDef):
            yield inner
            yield from _own(inner)


def _parameters(args: ast.arguments) -> Iterator[Parameter]:
    positional = [*args.posonlyargs, *args.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(args.defaults))
    for one, default in zip(positional, [*defaults, *args.defaults], strict=True):
        yield Parameter(
            one.arg,
            ast.unparse(default) if default else "",
            ast.unparse(one.annotation) if one.annotation else "",
        )
