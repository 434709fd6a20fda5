"""The shape of a program: its syntax tree with every name of its own made alike, so that renaming changes nothing."""

import ast
import builtins


def shape(source: str) -> str:
    """Equal for two programs that differ in names, comments, docstrings and layout only. Constants are kept."""
    tree = ast.parse(source)
    _without_docstrings(tree)
    return ast.dump(_Alike().visit(tree))


class _Alike(ast.NodeTransformer):
    """Names in the order of their first appearance; attributes and what Python or a module gives keep theirs."""

    def __init__(self) -> None:
        self._met: dict[str, str] = {}

    def _alike(self, name: str) -> str:
        if hasattr(builtins, name):
            return name
        return self._met.setdefault(name, f"n{len(self._met)}")

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._alike(node.id)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.arg = self._alike(node.arg)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self._alike(node.name)
        return self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.name = self._alike(node.name)
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.name = self._alike(node.name)
        return self.generic_visit(node)

    def visit_alias(self, node: ast.alias) -> ast.AST:
        node.asname = node.asname and self._alike(node.asname)
        return node


def _without_docstrings(tree: ast.AST) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = node.body[0] if node.body else None
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                node.body = node.body[1:]
