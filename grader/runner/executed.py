"""Whatever way the text of an earlier file comes to be executed, calls of the functions that are asked for are noted.

A file that is imported by a path, run by `runpy` or given to `exec` as a text comes through `compile` or `exec`: what is one
of these files is compiled so there, what has functions of theirs as they stand there as well, and all else is Python's own.
Who executes such a function altered has something else than the file: calls of what that file has are then not to be seen.
"""

import __future__

import ast
import builtins
import contextlib
import functools
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from inspect import CO_OPTIMIZED
from types import CodeType, FrameType
from typing import Any

from grader.runner.noted import Wanted, compile_noting, compile_tree, functions_in, parsed
from grader.runner.source import text_of

Codes = dict[tuple[str, bytes, bool], CodeType]  # by path, text and whether calls are noted


class Executed:
    """`wanted`: by the files' names the functions that are noted, by `noted` of `module`; `folder`: where they
    lie. `codes` are those of the other cases. `found`: the files of which a text was compiled so; `altered`: those of which
    something else was executed."""

    def __init__(self, wanted: Mapping[str, Wanted], folder: str, module: str, codes: Codes) -> None:
        self._wanted, self._module, self._codes = wanted, module, codes
        self._texts = {name: _read(os.path.join(folder, name)) for name in wanted}  # before the program may change them
        self._names = {_plain(text): name for name, text in self._texts.items()}
        self._words = [word.encode() for each in wanted.values() for word in each]
        self.found: set[str] = set()
        self.altered: set[str] = set()

    def code(self, source: object, path: str) -> CodeType | None:
        """The code of a text that is one of the files, with its calls noted; None for any other, and where there are none."""
        text = _plain(source)
        name = self._names.get(text) if text is not None else None
        if name is None:
            return None
        key = (path, _bytes(source), True)
        code = self._codes.get(key) or compile_noting(key[1], path, self._wanted[name], self._module)
        if code is not None:
            self._codes[key] = code
            self.found.add(name)
        return code

    def part(self, source: object, path: str, flags: int) -> CodeType | None:
        """The same of what is not the whole text of a file, and has functions of such files. `flags`: of `compile`."""
        tree = parsed(source) if self._may_have_some(source) else None
        defined = {} if tree is None else {each.name: ast.dump(each) for each in tree.body if isinstance(each, _DEFS)}
        theirs = {name for name, wanted in self._wanted.items() if not defined.keys().isdisjoint(wanted)}
        if tree is None or not theirs:
            return None
        wanted = {name: each for file in sorted(theirs) for name, each in self._wanted[file].items() if name in defined}
        same = {
            name: text for file in theirs for name, text in _functions(self._texts[file], self._wanted[file]).items()
        }
        is_theirs = all(same.get(name) == defined[name] for name in wanted)
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            code = compile_tree(tree, path, wanted, self._module, flags) if is_theirs else None
            if code is not None:
                self.found |= theirs
                return code
        self.altered |= theirs
        return None

    def _may_have_some(self, source: object) -> bool:
        """Before it is parsed: dataclasses and others execute texts as well."""
        if isinstance(source, str | bytes | bytearray):
            text = _bytes(source)
            return b"def" in text and any(word in text for word in self._words)
        return isinstance(source, ast.Module)

    @contextlib.contextmanager
    def noting(self) -> Iterator[None]:
        """While this lasts, `compile` and `exec` know these files."""
        before = {"compile": compile, "exec": exec}
        vars(builtins).update(compile=self._compile(compile), exec=self._exec(exec, compile))
        try:
            yield
        finally:
            vars(builtins).update(before)

    def _compile(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def compile(
            source: Any, filename: Any, mode: str, flags: int = 0, dont_inherit: bool = False, *args: Any, **named: Any
        ) -> Any:
            asked = mode == "exec" and not flags and isinstance(filename, str)  # flags: for a tree, say
            inherited = 0 if dont_inherit else _futures(sys._getframe(1))
            code = self.code(source, filename) or self.part(source, filename, inherited) if asked else None
            return code or real(source, filename, mode, flags | inherited, True, *args, **named)

        return compile

    def _exec(self, real: Callable[..., Any], real_compile: Callable[..., Any]) -> Callable[..., Any]:
        def exec(source: Any, /, *args: Any, **named: Any) -> None:
            caller = sys._getframe(1)
            if not args and "globals" not in named:
                args = _names_of(caller)
            if not isinstance(source, CodeType):
                code = self.code(source, _TEXT) or self.part(source, _TEXT, _futures(caller))
                source = code or real_compile(source, _TEXT, "exec", _futures(caller), True)
            real(source, *args, **named)

        return exec


_DEFS = ast.FunctionDef | ast.AsyncFunctionDef
_TEXT = "<string>"  # what Python calls the file of such a text
_FUTURES = functools.reduce(
    int.__or__, (getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)
)


def _futures(frame: FrameType) -> int:
    """What a text that is compiled there inherits."""
    return frame.f_code.co_flags & int(_FUTURES)


def _names_of(frame: FrameType) -> tuple[Any, Any]:
    """Where `exec` looks names up that is given no dictionaries; in a function, since 3.13, in a copy."""
    names = frame.f_locals
    return frame.f_globals, dict(names) if frame.f_code.co_flags & CO_OPTIMIZED and type(names) is not dict else names


def _functions(data: bytes, wanted: Wanted) -> dict[str, str]:
    """What those say that can be noted in a file."""
    tree = parsed(data)
    return {} if tree is None else {name: ast.dump(node) for name, node in functions_in(tree, wanted).items()}


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _bytes(source: Any) -> bytes:
    return source.encode("utf-8", "surrogatepass") if isinstance(source, str) else bytes(source)


def _plain(source: object) -> str | None:
    """A text without what reading it may have changed: ends of lines, a BOM, spaces at its end; None for what is none."""
    if isinstance(source, bytes | bytearray):
        try:
            source = text_of(bytes(source), "")
        except SyntaxError:
            return None
    if not isinstance(source, str):
        return None
    return source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").rstrip()
