"""The stub of a drafted exercise: what stands at the top of the reference file, with nothing in its functions.

It can be imported: what a signature says and the stub does not have is left out.
"""

import ast
import copy
from collections.abc import Iterable, Iterator

from grader.authoring.adopted.code import constants_of, free_names
from grader.authoring.adopted.functions import is_import
from grader.authoring.adopted.kinds import calls_in, own
from grader.authoring.adopted.reference import ReferenceFile
from grader.authoring.adopted.tops import Function as Node
from grader.authoring.adopted.tops import bodies

_LOADERS = frozenset({"exec_module", "load_module"})


def stub_of(file: ReferenceFile) -> str:
    kept = list(_kept(file.top.tree.body, _Keeping(file)))
    names = {one.id for node in kept for one in ast.walk(node) if isinstance(one, ast.Name)}
    names |= {
        (one.asname or one.name).partition(".")[0]
        for node in kept
        for one in ast.walk(node)
        if isinstance(one, ast.alias)
    }
    names |= {node.name for node in kept if isinstance(node, ast.ClassDef)}
    functions = [_emptied(function.node, names) for function in file.functions]
    return ast.unparse(ast.Module([*kept, *functions], [])) + "\n"


class _Keeping:
    """Which statements stay."""

    def __init__(self, file: ReferenceFile) -> None:
        self._origins = file.origins
        self._plain = {id(constant.node) for constant in constants_of(file) if constant.is_plain}
        self._renamed = {id(one.node) for one in file.top.constants} - {id(one.node) for one in constants_of(file)}

    def __call__(self, node: ast.stmt) -> bool:
        if isinstance(node, ast.Import | ast.ImportFrom) or id(node) in self._plain | self._renamed:
            return True
        loads = any(isinstance(call.func, ast.Attribute) and call.func.attr in _LOADERS for call in calls_in(node))
        return isinstance(node, ast.Assign | ast.Expr) and (loads or is_import(node, self._origins) or _is_text(node))


def _kept(body: Iterable[ast.stmt], keeps: _Keeping) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If | ast.Try | ast.TryStar | ast.With):
            parts = [list(_kept(part, keeps)) for part in bodies(node)]
            if any(parts):
                yield _with_bodies(node, parts)
        elif isinstance(node, ast.ClassDef):
            yield _emptied_class(node)
        elif keeps(node):
            yield node


def _with_bodies(node: ast.stmt, parts: list[list[ast.stmt]]) -> ast.stmt:
    made = copy.deepcopy(node)
    assert isinstance(made, ast.If | ast.Try | ast.TryStar | ast.With)
    for old, new in zip(bodies(made), parts, strict=True):
        old[:] = new or ([ast.Pass()] if old else [])
    return made


def _emptied(node: Node, names: set[str]) -> Node:
    """Without what its signature says of things that the stub does not have."""
    made = copy.deepcopy(node)
    made.decorator_list = []
    unknown = free_names(_signature_only(made)) - names
    if unknown:
        made.returns = made.returns if made.returns and not _says(made.returns, unknown) else None
        made.args.defaults = [_or_none(one, unknown) for one in made.args.defaults]
        made.args.kw_defaults = [one and _or_none(one, unknown) for one in made.args.kw_defaults]
        for argument in ast.walk(made.args):
            if isinstance(argument, ast.arg) and argument.annotation and _says(argument.annotation, unknown):
                argument.annotation = None
    made.body = _nothing(node)
    return made


def _signature_only(node: Node) -> Node:
    """What is computed when the function is made: as the body of another one, whose names are then looked at."""
    annotations = [one.annotation for one in ast.walk(node.args) if isinstance(one, ast.arg) and one.annotation]
    said = [*node.args.defaults, *filter(None, node.args.kw_defaults), *annotations, *filter(None, [node.returns])]
    made = ast.parse("def signature():\n    pass").body[0]
    assert isinstance(made, ast.FunctionDef)
    made.body = [ast.Expr(one) for one in said]
    return made


def _says(node: ast.expr, names: set[str]) -> bool:
    return any(isinstance(one, ast.Name) and one.id in names for one in ast.walk(node))


def _or_none(node: ast.expr, unknown: set[str]) -> ast.expr:
    return ast.Constant(None) if _says(node, unknown) else node


def _emptied_class(node: ast.ClassDef) -> ast.ClassDef:
    made = copy.deepcopy(node)
    for inner in made.body:
        if isinstance(inner, Node):
            inner.body = _nothing(inner)
    return made


def _nothing(node: Node) -> list[ast.stmt]:
    text = [node.body[0]] if _is_text(node.body[0]) else []
    generates = any(isinstance(one, ast.Yield) for one in own(node))
    return [*text, *ast.parse("raise NotImplementedError").body, *(ast.parse("yield").body if generates else [])]


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
