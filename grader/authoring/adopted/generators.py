"""A provided generator that does not wait before each item: its own text, with operations where it sleeps and where it draws.

Its text is taken where nothing is left in it but what stands in any file; else the draft says what is to be written.
"""

import ast
from copy import deepcopy
from dataclasses import dataclass

from grader.authoring.adopted.code import free_names, text_of
from grader.authoring.adopted.functions import Function
from grader.authoring.adopted.kinds import own
from grader.authoring.adopted.origins import Origins
from grader.authoring.adopted.waits import set_once


@dataclass(frozen=True, slots=True)
class OwnText:
    """`gives`: whether an operation gives what it yields; else that stands in the text."""

    text: str
    gives: bool


def own_text(
    function: Function, origins: Origins, waits: str, gives: str, drawing: frozenset[str], there: set[str]
) -> OwnText | None:
    """With the calls `waits` and `gives` in it; None where that is not all. `drawing`: modules that give something else each
    time; `there`: names that it may use."""
    inner = list(own(function.node))
    sleeps = [one for one in inner if isinstance(one, ast.Await) and _is_sleep(one.value, origins)]
    if function.uses or not sleeps or len(sleeps) != len(function.sleeps):
        return None

    def draws(node: ast.AST) -> bool:
        said = (name for one in ast.walk(node) for name in origins.plain(one))
        return any(name.partition(".")[0] in drawing for name in said)

    yields = [one for one in inner if isinstance(one, ast.Yield) and one.value is not None]
    drawn = [one for one in yields if one.value is not None and draws(set_once(function, one.value))]
    made = _Other({_place(one): waits for one in sleeps} | {_place(one): gives for one in drawn}).visit(
        deepcopy(function.node)
    )
    _drop_what_is_not_used(made)
    if draws(made) or not free_names(made) <= there | {_called(waits), _called(gives)}:
        return None
    return OwnText(text_of(made), bool(drawn))


def _is_sleep(node: ast.expr, origins: Origins) -> bool:
    return isinstance(node, ast.Call) and "asyncio.sleep" in origins.plain(node.func)


def _called(call: str) -> str:
    return call.partition("(")[0]


def _place(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


class _Other(ast.NodeTransformer):
    """Puts another call where one stands that is awaited, or another item where one is given."""

    def __init__(self, calls: dict[tuple[int, int], str]):
        self._calls = calls

    def visit_Await(self, node: ast.Await) -> ast.AST:
        return self._other(node)

    def visit_Yield(self, node: ast.Yield) -> ast.AST:
        return self._other(node)

    def _other(self, node: ast.Await | ast.Yield) -> ast.AST:
        call = self._calls.get(_place(node))
        if call is None:
            return self.generic_visit(node)
        return type(node)(value=ast.parse(call, mode="eval").body)


def _drop_what_is_not_used(made: ast.AST) -> None:
    """A variable that was set for what stands there no more."""
    used = {one.id for one in ast.walk(made) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}
    for block in (one for one in ast.walk(made) if isinstance(getattr(one, "body", None), list)):
        kept = [one for one in block.body if not _sets_only_another(one, used)]  # type: ignore[attr-defined]
        block.body = kept or [ast.Pass()]  # type: ignore[attr-defined]


def _sets_only_another(node: ast.stmt, used: set[str]) -> bool:
    goals = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return bool(goals) and all(isinstance(goal, ast.Name) and goal.id not in used for goal in goals)
