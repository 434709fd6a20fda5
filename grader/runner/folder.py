"""The run folder: the learner's file as a real file, beside those that it may import; it is gone when the run is over.

For the time of a run it is the working directory and first on `sys.path`. Every run finds an interpreter that has imported
nothing from such a folder, whatever a run before it left in `sys.modules`, `sys.path` or the working directory.
"""

import contextlib
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from importlib.machinery import FileFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

from grader.door.messages import OFFERED
from grader.runner.executed import Codes, Executed
from grader.runner.imported import Imported, imported
from grader.runner.provided import as_in_file
from grader.runner.source import compile_file

_ANEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_TO_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_MODE = stat.S_IFREG | 0o644  # where a system makes other ones, each file is written anew


def place(folder: str, files: Mapping[str, str], *, name: str = "run", for_others: bool = False) -> str:
    """A folder `name` in `folder` with these files (bytes, as latin-1 text, by name) and nothing else; its path.

    `for_others`: another user than who writes it is to read it.
    """
    wanted = {each: text.encode("latin-1") for each, text in files.items()}
    path, kept = _emptied(folder, name, wanted)
    if for_others:
        os.chmod(path, 0o755)
    for each, data in wanted.items():
        if each in kept:
            continue
        file = os.path.join(path, each)
        for folder in _folders(path, each):
            with contextlib.suppress(FileExistsError):
                os.mkdir(folder)
            if for_others:
                os.chmod(folder, 0o755)
        _write(file, data)
        if for_others:
            os.chmod(file, 0o644)
    return path


def _folders(path: str, file: str) -> list[str]:
    """Those of packages in which it lies, the outer ones first."""
    parts = file.split("/")[:-1]
    return [os.path.join(path, *parts[:end]) for end in range(1, len(parts) + 1)]


def _write(file: str, data: bytes) -> None:
    """It is not there. By the system's own calls, of which `open` makes twice as many."""
    descriptor = os.open(file, _ANEW, 0o666)
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    finally:
        os.close(descriptor)


def _emptied(folder: str, name: str, wanted: Mapping[str, bytes]) -> tuple[str, set[str]]:
    """What a run before left there and beside it goes; where it does not, because it was made so, that costs itself alone.

    Gives the path, and which of the files that are `wanted` lie there still: to make one takes longer than to read it.
    """
    for number in range(100):
        path = os.path.join(folder, f"{name}{number or ''}")
        with contextlib.suppress(OSError):
            _make(path)
            for each in os.listdir(folder):
                if each != os.path.basename(path):
                    remove(os.path.join(folder, each))
            there = os.listdir(path)
            kept = {each for each in there if each in wanted and _is_as_written(os.path.join(path, each), wanted[each])}
            # a folder is kept where it is: to make and remove one takes some systems longer than all else
            if all([remove(os.path.join(path, each)) for each in there if each not in kept]) or kept.issuperset(
                os.listdir(path)
            ):
                return path, kept
    raise OSError("no folder can be made")


def _is_as_written(file: str, data: bytes) -> bool:
    """Whether it is what `_write` makes, and nobody has touched it since, as far as text, mode, links and times show."""
    found = os.lstat(file)
    if (found.st_mode, found.st_nlink, found.st_size) != (
        _MODE,
        1,
        len(data),
    ) or found.st_mtime_ns != found.st_ctime_ns:
        return False
    descriptor = os.open(file, _TO_READ)
    try:
        return os.read(descriptor, len(data) + 1) == data
    finally:
        os.close(descriptor)


def _make(path: str) -> None:
    """There is a folder, and no link to one."""
    try:
        kind = os.lstat(path).st_mode
    except FileNotFoundError:
        kind = 0
    if stat.S_ISLNK(kind) or stat.S_ISREG(kind):
        os.unlink(path)
    if not stat.S_ISDIR(kind):
        os.mkdir(path)


def remove(path: str) -> bool:
    """Whatever is there, as far as it can be; False where it may be there still."""
    try:
        os.unlink(path)
    except OSError:
        shutil.rmtree(path, ignore_errors=True)
        return False
    return True


class _Loader(SourceFileLoader):
    """Reads a file as Python does when it runs one, and writes nothing beside it. `codes` are those of the other cases; with
    `executed` calls of functions that are asked for are noted."""

    def __init__(self, codes: Codes, executed: Executed | None, name: str, path: str):
        super().__init__(name, path)
        self._codes, self._executed = codes, executed

    def get_code(self, fullname: str) -> CodeType:
        """Of the file alone: there is nothing beside it that was compiled before."""
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)

    def source_to_code(self, data: Any, path: Any, *, _optimization: int = -1) -> CodeType:  # type: ignore[override]
        if self._executed is not None:
            noting = self._executed.code(bytes(data), path)
            if noting is not None:
                return noting
        key = (path, bytes(data), False)
        if key not in self._codes:
            self._codes[key] = compile_file(key[1], path)
        return self._codes[key]


class RunFolder:
    """One run's. `told` has `files`, and `path` where they lie already; else they are written in `home`.

    `earlier` are the learner's other files, their names by their paths.

    `codes` keeps what is compiled for the other cases of the submission.
    """

    def __init__(self, told: Mapping[str, Any], module: str, home: str, codes: Codes):
        self.name, self._codes = module, codes
        self.path: str = told["path"] or place(home, told["files"])
        self.file = os.path.join(self.path, f"{module}.py")
        # by whatever path of theirs they may be loaded
        self.earlier = {
            path: str(name)
            for name in told.get("earlier", ())
            for path in (os.path.join(self.path, *name.split("/")), str(name), os.path.join(os.curdir, name))
        }
        self._places = {self.path: None} | dict.fromkeys(
            place for name in told.get("earlier", ()) for place in _folders(self.path, name)
        )
        noted = told.get("noted")
        self._executed = Executed(noted, self.path, OFFERED, codes) if noted else None
        self._imported: Imported | None = None

    @contextlib.contextmanager
    def stands(self, guest: bool) -> Iterator[None]:
        """It is where programs are run from; at the end all that was taken from it is forgotten.

        `guest`: in somebody's process.
        """
        path, argv = list(sys.path), list(sys.argv)
        before = self._imported = Imported() if guest else imported()
        there, writes = _working_folder(), sys.dont_write_bytecode
        for name in (self.name, OFFERED):
            sys.modules.pop(name, None)
        os.chdir(self.path)
        sys.path.insert(0, self.path)
        sys.argv[:], sys.dont_write_bytecode = [os.path.basename(self.file)], True
        loader: Any = partial(_Loader, self._codes, self._executed)  # called as the class would be
        for place in self._places:
            sys.path_importer_cache[place] = FileFinder(place, (loader, [".py"]))
        try:
            with self._executed.noting() if self._executed is not None else contextlib.nullcontext():
                yield
        finally:
            sys.dont_write_bytecode = writes
            sys.path[:], sys.argv[:] = path, argv
            for place in self._places:
                sys.path_importer_cache.pop(place, None)
            with contextlib.suppress(OSError):
                os.chdir(there)
            _restore(before, guest)

    def offer(self, things: Mapping[str, Any], noted: Callable[[str, Any], Any]) -> None:
        """Provided files find these, each for the function of its name; the learner's own call `noted`."""

        def stands_for(function: Callable[..., Any]) -> Callable[..., Any]:
            return as_in_file(things[function.__name__], function)

        module = ModuleType(OFFERED)
        vars(module).update(things, stands_for=stands_for, noted=noted)
        sys.modules[OFFERED] = module

    def load(self) -> Any:
        """The learner's module, imported by its name as any other would import it."""
        return import_module(self.name)

    def modules(self) -> list[ModuleType]:
        """Those that were made of files in this folder, as far as they can be imported by a name."""
        found = [] if self._imported is None else [sys.modules[name] for name in self._imported.others()]
        return [one for one in found if isinstance(one, ModuleType) and self._is_here(getattr(one, "__file__", None))]

    def _is_here(self, file: object) -> bool:
        return isinstance(file, str) and file.startswith(self.path + os.sep)

    def noted(self) -> list[str]:
        """The earlier files that were executed with their calls noted, and never altered."""
        return [] if self._executed is None else sorted(self._executed.found - self._executed.altered)

    def plain(self, text: str) -> str:
        """`text` without the path of this folder, which no two runs need have alike."""
        return text.replace(self.path + os.sep, "").replace(self.path, ".") if self.path in text else text


def _working_folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # it is gone
        return os.sep


def _is_as_it_came(name: str, module: ModuleType) -> bool:
    """Whether it is one of Python's own, and nothing in it is a program's, as far as that shows."""
    if name.partition(".")[0] not in sys.stdlib_module_names or getattr(module, "__spec__", None) is None:
        return False
    if any(getattr(module, each, None) is None for each in getattr(module, "__all__", ())):
        return False
    made = (getattr(value, "__module__", None) for value in list(vars(module).values()) if callable(value))
    return all(one is None or str(one).partition(".")[0] in sys.stdlib_module_names for one in made)


def _restore(imported: Imported, guest: bool) -> None:
    """What was imported for the first time goes: the program may have changed it.

    In somebody's process it stays if it is Python's own, because they may have it by now.
    """
    before = imported.before
    for name in [name for name in imported.others() if name not in before]:
        if not (guest and _is_as_it_came(name, sys.modules[name])):
            module, (package, _, last) = sys.modules.pop(name), name.rpartition(".")
            if package in before and vars(before[package]).get(last) is module:
                delattr(before[package], last)
    imported.put_back()
