"""Reference files of a course that exists, as their text tells them: functions, kinds, arguments, sleeps and imports.

Nothing is run. What cannot be told from the text is not guessed: it is left out, or named.
"""

import ast
import os
import re
import sys
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.authoring.adopted.functions import Function, Note, functions_of, notes_of
from grader.authoring.adopted.origins import Imported, Origins, Use, origins_of, with_stars
from grader.authoring.adopted.tops import Top, top_of
from grader.course.yaml_marks import shown
from grader.errors import CourseError, Problem, UsageError

_RUNS_OTHERS = re.compile(r"(__\w+__|test_.*|.*_test|tests|conftest|setup|(\d+[-_])?main)", re.IGNORECASE)
_PACKAGES = "__init__"
_TESTS = frozenset({"test", "tests"})
_NOBODYS = frozenset({"__pycache__", "node_modules", "site-packages"})
_NOTEBOOK = "it is a notebook; save its code as a Python file"
_DATA = re.compile(r"\w([\w .-]*[\w-])?")
_LARGEST = 16 * 1024  # of a file that stands in exercise.yaml
_MODULE = re.compile(r"\w([\w -]*[\w-])?")


@dataclass(frozen=True, slots=True)
class ReferenceFile:
    """`within` is the name of its folder. `entries` are those of its functions that a course can ask for; `notes` are what
    its text does not tell, or no course can have."""

    path: Path
    within: str
    functions: tuple[Function, ...]
    imports: tuple[Imported, ...]
    notes: tuple[Note, ...]
    top: Top
    origins: Origins

    @property
    def module(self) -> str:
        return self.path.stem

    @property
    def entries(self) -> tuple[Function, ...]:
        return tuple(one for one in self.functions if one.is_entry)

    def function(self, name: str) -> Function | None:
        return next((one for one in self.functions if one.name == name), None)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`unread`: what it is cannot be known."""

    path: Path
    reason: str
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """In the order of folders and, there, of names, numbers as numbers; but a file never stands before one that it needs.

    `beside` are files that are no exercise, and can be imported by one.
    """

    files: tuple[ReferenceFile, ...]
    left_out: tuple[LeftOut, ...]
    beside: tuple[ReferenceFile, ...] = ()

    def file(self, within: str, module: str) -> ReferenceFile | None:
        return next((file for file in self.files if (file.within, file.module) == (within, module)), None)

    def needs(self, file: ReferenceFile) -> tuple[str, ...]:
        """All exercises' files of its folder that it imports, and those that they import, in the course's order."""
        return tuple(one.module for one in self.imported(file) if one in self.files)

    def read(self, file: ReferenceFile) -> dict[str, str]:
        """The texts of other files of its folder that are named in it, or in what it imports: what it reads, by their names."""
        readers = (file, *self.imported(file))
        nodes = (one for reader in readers for one in ast.walk(reader.top.tree))
        said = {one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)}
        beside = sorted(path for path in file.path.parent.iterdir() if path.name in said and _is_data(path))
        texts = ((path.name, _text_of(path)) for path in beside)
        return {name: text for name, text in texts if text is not None}

    def imported(self, file: ReferenceFile) -> tuple[ReferenceFile, ...]:
        """Those, and before them the files of its folder that are no exercise."""
        nearby = [one for one in (*self.beside, *self.files) if one.path.parent == file.path.parent]
        found: set[str] = set()
        waiting = [file]
        while waiting:
            for one in waiting.pop().imports:
                if one.module not in found:
                    found.add(one.module)
                    waiting += [other for other in nearby if other.module == one.module]
        return tuple(one for one in nearby if one.module in found)

    def home(self, file: ReferenceFile, use: Use) -> tuple[ReferenceFile, Function] | None:
        """Of what `file` uses: the file in which it is written, and the function."""
        return _home(use, lambda module: self.file(file.within, module))


def read_reference(folder: Path, but: Path | None = None) -> Reference:
    """The files below `folder`, but for those below `but`. A link is a file of its own name, in the folder in which it lies.

    Raises UsageError where there are none, and CourseError for all that cannot be described.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder; name one that holds reference files")
    folder = whole(folder)
    paths, notebooks = (
        sorted(
            (one for one in _files(folder, ending) if but is None or but.resolve() not in one.resolve().parents),
            key=_natural,
        )
        for ending in ("py", "ipynb")
    )
    if not paths:
        more = f", and {len(notebooks)} notebooks, which are not read" if notebooks else ""
        raise UsageError(f"{folder}: there is no Python file in it{more}; name a folder that holds reference files")
    reasons = {path: _no_exercise(path, folder) for path in paths}
    problems, files = _twice([path for path in paths if not reasons[path]]), list[ReferenceFile]()
    unread = dict[Path, Problem]()
    for path in paths:
        try:
            files.append(_read(path))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            if not reasons[path]:
                unread[path], reasons[path] = _unreadable(path, error), _reason(error)
    found = _sorted_out(files, reasons, unread)
    problems += _circles(found) if found.files else unread.values()
    if problems:
        raise CourseError(problems)
    found = replace(found, left_out=(*found.left_out, *(LeftOut(path, _NOTEBOOK) for path in notebooks)))
    if not found.files:
        raise UsageError(f"{folder}: no file in it has a function; name a folder that holds reference files")
    return found


def _sorted_out(files: Sequence[ReferenceFile], reasons: dict[Path, str], unread: Collection[Path]) -> Reference:
    """What is an exercise, and what stands beside."""
    done: dict[Path, ReferenceFile] = {}
    for file in _in_order(files):
        done[file.path] = _with_functions(file, done, unread)
    reasons |= {
        path: "it has no function at its top that could be called"
        for path, file in done.items()
        if not reasons[path] and not file.entries
    }
    exercises = tuple(file for path, file in done.items() if not reasons[path])
    beside = tuple(file for path, file in done.items() if reasons[path])
    left_out = (LeftOut(path, reason, path in unread) for path, reason in reasons.items() if reason)
    return Reference(exercises, tuple(left_out), beside)


def _in_order(files: Sequence[ReferenceFile]) -> Iterator[ReferenceFile]:
    """As they are, but what a file imports comes before it."""
    by_place = {(file.path.parent, file.module): file for file in files}
    seen: set[Path] = set()

    def placed(file: ReferenceFile) -> Iterator[ReferenceFile]:
        if file.path not in seen:
            seen.add(file.path)
            for one in file.imports:
                other = by_place.get((file.path.parent, one.module))
                yield from placed(other) if other is not None else ()
            yield file

    for file in files:
        yield from placed(file)


def _with_functions(file: ReferenceFile, done: dict[Path, ReferenceFile], unread: Collection[Path]) -> ReferenceFile:
    """With all that can be told when the files that it imports are known."""

    def known(use: Use) -> Function | None:
        home = _home(use, lambda module: done.get(file.path.with_name(f"{module}.py")))
        return home[1] if home is not None else None

    nearby = {other.module: other for path, other in done.items() if path.parent == file.path.parent}
    others = {name: ([one.name for one in other.functions], other.origins) for name, other in nearby.items()}
    own = {*file.top.functions, *(cls.name for cls in file.top.classes)}
    file = replace(file, origins=with_stars(file.origins, own, others))
    functions = tuple(functions_of(file.top, file.origins, known))
    lost = [one.module for one in file.imports if file.path.with_name(f"{one.module}.py") in unread]
    notes = [
        *_lost(file, lost),
        *notes_of(file.top, file.origins),
        *(note for function in functions for note in function.notes),
    ]
    return replace(file, functions=functions, notes=tuple(sorted(set(notes), key=lambda note: (note.line, note.text))))


def _lost(file: ReferenceFile, modules: Sequence[str]) -> Iterator[Note]:
    for module in modules:
        text = f"{module}.py cannot be read; write under 'modules' what is needed of it"
        yield Note(file.origins.line_of(module), text)


def _home(use: Use, file_of: Callable[[str], ReferenceFile | None]) -> tuple[ReferenceFile, Function] | None:
    """The function that is meant, and the file in which it is written: others may hand it on."""
    seen: set[Use] = set()
    wanted: Use | None = use
    while wanted is not None and wanted not in seen:
        seen.add(wanted)
        file = file_of(wanted.module)
        function = file.function(wanted.name) if file is not None else None
        if file is None or function is not None:
            return (file, function) if file is not None and function is not None else None
        wanted = file.origins.uses.get(wanted.name)
    return None


def _files(folder: Path, ending: str) -> Iterator[Path]:
    for path in folder.rglob(f"*.{ending}"):
        way = path.relative_to(folder).parts
        nobodys = any(part.startswith(".") or part in _NOBODYS for part in way) or _is_environment(path, folder)
        if path.is_file() and not nobodys:
            yield path


def whole(folder: Path) -> Path:
    """The whole path of a folder, its name too where it is named by `.`; links in it keep their names."""
    return Path(os.path.abspath(folder))


def _no_exercise(path: Path, folder: Path) -> str:
    """Why a file is none, whatever stands in it; empty for what may be one."""
    parts = path.relative_to(folder).parts
    if path.stem == _PACKAGES:
        return "it makes a package of its folder, and is no exercise"
    if _RUNS_OTHERS.fullmatch(path.stem):
        return "by its name it runs or tests other files"
    if any(part.lower() in _TESTS for part in parts[:-1]):
        return "by its folder's name it tests other files"
    if not _MODULE.fullmatch(path.stem) or not _is_text(str(path)):
        return "its name has more than letters, digits, spaces, '_' and '-'; rename it"
    if path.stem in sys.stdlib_module_names:
        return f"it would hide Python's own module {path.stem!r}; rename it"
    return ""


def _is_environment(path: Path, folder: Path) -> bool:
    """Whether it belongs to a Python that somebody installed there."""
    inner = path.relative_to(folder).parts[:-1]
    return any(folder.joinpath(*inner[:count], "pyvenv.cfg").exists() for count in range(1, len(inner) + 1))


def _is_data(path: Path) -> bool:
    """Whether it can be a file that others read: `people.txt`."""
    return path.suffix.lower() != ".py" and _DATA.fullmatch(path.name) is not None and path.is_file()


def _text_of(path: Path) -> str | None:
    """None for what is no text, or too large to stand in a course."""
    try:
        return path.read_text(encoding="utf-8") if path.stat().st_size <= _LARGEST else None
    except (OSError, ValueError):
        return None


def _is_text(name: str) -> bool:
    try:
        return bool(name.encode())
    except UnicodeEncodeError:
        return False


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
        if other is not path:
            message = f"{shown(other)} has the same name in a folder of the same name; rename one of the folders"
            found.append(Problem(shown(path), 0, message))
    return found


def _unreadable(path: Path, error: Exception) -> Problem:
    return Problem(
        shown(path), _line(error), f"it is no Python that can be read ({_why(error)}); mend it, or move it away"
    )


def _reason(error: Exception) -> str:
    where = f", line {_line(error)}" if _line(error) else ""
    return f"it is no Python that can be read ({_why(error)}{where}); mend it"


def _line(error: Exception) -> int:
    return error.lineno or 0 if isinstance(error, SyntaxError) else 0


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError | MemoryError):
        return "it is nested too deeply"
    return error.msg if isinstance(error, SyntaxError) else str(error)


def _circles(reference: Reference) -> list[Problem]:
    return [
        Problem(
            shown(file.path),
            _round(reference, file),
            f"{file.module!r} imports itself, by way of {_by_way(reference, file)}; cut the circle",
        )
        for file in reference.files
        if file.module in reference.needs(file)
    ]


def _leading_back(reference: Reference, file: ReferenceFile) -> list[str]:
    return [one.module for one in reference.imported(file) if one is not file and file in reference.imported(one)]


def _round(reference: Reference, file: ReferenceFile) -> int:
    """The line of the first import that leads back to it."""
    leads = {file.module, *_leading_back(reference, file)}
    return min(file.origins.line_of(one.module) for one in file.imports if one.module in leads)


def _by_way(reference: Reference, file: ReferenceFile) -> str:
    return ", ".join(map(repr, _leading_back(reference, file))) or "no other file"


def _read(path: Path) -> ReferenceFile:
    """Without its functions: for those the files that it imports have to be known."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python thinks of old escapes is not for now
        text = path.read_bytes()
        top = top_of(ast.parse(text, str(path)))
        compile(text, str(path), "exec", dont_inherit=True)  # a `return` outside of functions is found by this only
    beside = frozenset(other.stem for other in path.parent.glob("*.py"))
    origins = origins_of(top.tree, beside - sys.stdlib_module_names)  # whose own modules are loaded before
    return ReferenceFile(path, path.parent.name, (), tuple(origins.imports()), (), top, origins)
