"""Parts of a reference file as text of its own: for the stub, and for files that the exercise provides."""

import ast
import builtins
import sys
from collections.abc import Iterator

from grader.authoring.adopted.functions import is_import
from grader.authoring.adopted.reference import ReferenceFile
from grader.authoring.adopted.tops import Constant
from grader.authoring.adopted.tops import Function as Node


def imports_of(file: ReferenceFile) -> tuple[list[str], list[str]]:
    """What it imports of Python's own at its top: as `also` has it (`random`, `typing.List`), and as code for the rest."""
    also, code = list[str](), list[str]()
    for node in file.top.statements:
        modules = _modules(node) if isinstance(node, ast.Import | ast.ImportFrom) else []
        if not isinstance(node, ast.Import | ast.ImportFrom) or not modules:
            continue
        head = f"from {modules[0]} " if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            module = modules[0] if head else alias.name
            if not _is_pythons(module) or module in file.origins.there:
                continue
            name = f"{module}.{alias.name}" if head else module
            plain = alias.asname is None and alias.name != "*" and (bool(head) or "." not in name) and name.isascii()
            (also if plain else code).append(name if plain else f"{head}import {_as(alias)}")
    return list(dict.fromkeys(also)), list(dict.fromkeys(code))


def foreign(file: ReferenceFile) -> Iterator[tuple[int, str]]:
    """Modules that are neither Python's own nor of the file's folder, with their lines."""
    for node in file.origins.names.nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in _modules(node):
                if name.partition(".")[0] not in sys.stdlib_module_names and name not in file.origins.there:
                    yield node.lineno, name


def packages(file: ReferenceFile) -> list[str]:
    """Folders beside the file of which it imports something."""
    tops = dict.fromkeys(name.partition(".")[0] for _, name in foreign(file))
    return [top for top in tops if file.path.with_name(top).is_dir()]


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if node.module and not node.level else []


def _is_pythons(name: str) -> bool:
    return name != "__future__" and name.partition(".")[0] in sys.stdlib_module_names


def _as(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def constants_of(file: ReferenceFile) -> Iterator[Constant]:
    """But for what is only another name for something that was imported."""
    for constant in file.top.constants:
        taken = file.origins.uses.keys() | file.origins.modules.keys()
        if not taken.issuperset(constant.names) and not is_import(constant.node, file.origins):
            yield constant


def free_names(node: Node) -> set[str]:
    """What a function needs from around it, beside Python's builtins."""
    names = [one for one in ast.walk(node) if isinstance(one, ast.Name)]
    bound = {one.id for one in names if not isinstance(one.ctx, ast.Load)}
    bound |= {one.arg for one in ast.walk(node) if isinstance(one, ast.arg)}
    bound |= {one.name for one in ast.walk(node) if isinstance(one, Node | ast.ClassDef)}
    bound |= {one.name for one in ast.walk(node) if isinstance(one, ast.ExceptHandler) and one.name}
    bound |= {(one.asname or one.name).partition(".")[0] for one in ast.walk(node) if isinstance(one, ast.alias)}
    said = [*node.args.defaults, *filter(None, node.args.kw_defaults), *node.body]
    loaded = {one.id for part in said for one in ast.walk(part) if isinstance(one, ast.Name)}
    return loaded - bound - set(vars(builtins))


def class_needs(node: ast.ClassDef) -> set[str]:
    """The same of a class: what is computed when it is made, and what its methods need but itself."""
    methods = [one for one in node.body if isinstance(one, Node)]
    made = [*node.decorator_list, *node.bases, *node.keywords, *(one for one in node.body if one not in methods)]
    made += [decorator for one in methods for decorator in one.decorator_list]
    names = [one for part in made for one in ast.walk(part) if isinstance(one, ast.Name)]
    bound = {one.id for one in names if not isinstance(one.ctx, ast.Load)} | {one.name for one in methods}
    loaded = {one.id for one in names if isinstance(one.ctx, ast.Load)} - bound - set(vars(builtins))
    return loaded.union(*(free_names(one) - {node.name} for one in methods))


def class_text(node: ast.ClassDef) -> str:
    """The class without what its methods say of types: in the file that may be no more than a text."""
    made = ast.parse(ast.unparse(node)).body[0]
    assert isinstance(made, ast.ClassDef)
    for one in made.body:
        if isinstance(one, Node):
            _say_no_types(one)
    return ast.unparse(made)


def text_of(node: Node) -> str:
    """The function without what it says of types, and without decorators."""
    made = ast.parse(ast.unparse(node)).body[0]
    assert isinstance(made, Node)
    made.decorator_list = []
    _say_no_types(made)
    return ast.unparse(made)


def _say_no_types(made: Node) -> None:
    made.returns = None
    for one in ast.walk(made.args):
        if isinstance(one, ast.arg):
            one.annotation = None
