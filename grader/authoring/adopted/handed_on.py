"""What a reference file hands on to who imports it, beside functions: names that it has from other files of its folder.

Told is the file that it has them from; whether that one provides them is its own matter.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from grader.authoring.adopted.code import constants_of, imports_of
from grader.authoring.adopted.origins import Use
from grader.authoring.adopted.reference import Reference, ReferenceFile

ALL = "*"  # in place of names that are not known, because all of a module was imported


@dataclass(frozen=True, slots=True)
class HandingOn:
    """Of the files that one of `reference` imports."""

    reference: Reference
    _known: dict[Path, dict[str, Use]] = field(default_factory=dict)

    def by(self, file: ReferenceFile) -> dict[str, Use]:
        """Where each such name of the file is from, by the name that it has there."""
        if file.path not in self._known:
            self._known[file.path] = {}  # for files that import each other in a circle
            self._known[file.path] = self._by(file)
        return self._known[file.path]

    def _by(self, file: ReferenceFile) -> dict[str, Use]:
        there = {one.module: {*beside(one), *self.by(one)} for one in self.reference.imported(file) if one is not file}
        found = {
            local: use
            for local, use in file.origins.uses.items()
            if local != ALL and not {use.name, ALL}.isdisjoint(there.get(use.module, ()))
            if self.reference.home(file, use) is None
        }
        mine = {*file.top.functions, *beside(file), *file.origins.uses}
        for module in file.origins.names.stars:
            for name in there.get(module, ()):
                if not name.startswith("_") and name not in mine and name != ALL:
                    found.setdefault(name, Use(module, name))
        return found

    def taken_by(self, file: ReferenceFile) -> dict[str, set[str]]:
        """The names that it takes of each module, and those that these have to have for that; `*` where it takes all."""
        found = {one.module: set(one.names) for one in file.imports}
        imported = self.reference.imported(file)
        said = {node.id for node in ast.walk(file.top.tree) if isinstance(node, ast.Name)}
        for other in imported:
            if ALL in found.get(other.module, ()):
                found[other.module] |= said & {*beside(other), *self.by(other)}
        for other in reversed(imported):  # each stands behind those that it imports
            for local, use in self.by(other).items():
                if local in found.get(other.module, ()):
                    found.setdefault(use.module, set()).add(use.name)
        return found


def stars_of(file: ReferenceFile) -> Iterator[str]:
    """Python's own modules of which it has everything, be it by way of another file."""
    for module in file.origins.names.stars:
        if module.partition(".")[0] in sys.stdlib_module_names and module not in file.origins.there:
            yield module


def beside(file: ReferenceFile) -> Iterator[str]:
    """The names that it has at its top beside functions and what it has from its folder; `*` where some are not known, because
    it has all of a module of Python's own."""
    also, code = imports_of(file)
    yield from (name.rpartition(".")[2] for name in also)
    yield from (name for line in code for name in bound(line))
    yield from [ALL] if any(True for _ in stars_of(file)) else []
    yield from (name for constant in constants_of(file) for name in constant.names)
    yield from (cls.name for cls in file.top.classes)


def bound(line: str) -> Iterator[str]:
    """What an import makes names for."""
    for node in ast.walk(ast.parse(line)):
        if isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
