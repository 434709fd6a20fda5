"""Whether a function of a reference file waits for the end of all that it starts, as far as its text shows.

A task is followed by its names: through lists, loops and what waits for it. Where it is lost, nobody is known to wait for it.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from grader.authoring.adopted.flow import Flow
from grader.authoring.adopted.sites import is_start, parents_of

_GROUP = frozenset({"asyncio.TaskGroup"})
_ADDING = frozenset({"append", "add", "extend", "update"})
_HANDING = frozenset({"values", "items", "copy"})  # methods of what holds tasks that give all of them
_WAITING = "gather", "wait", "as_completed", "wait_for", "shield", "create_task", "ensure_future"
_KEEPING = "list", "tuple", "set", "sorted", "reversed", "enumerate", "zip", "iter", "dict"
_ALL = frozenset({*(f"asyncio.{name}" for name in _WAITING), *_KEEPING})
_HELD = ast.Starred | ast.List | ast.Tuple | ast.Set | ast.Dict | ast.BinOp | ast.keyword | ast.IfExp
_PERHAPS = ast.If | ast.IfExp | ast.Match | ast.BoolOp | ast.ExceptHandler | ast.While
_MADE = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_LEAVES = ast.Break | ast.Return
_Inner = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def waits_for_all(flow: Flow) -> bool:
    """Whether each thing that it, or what it leads to in its file, starts is awaited, or is in a TaskGroup."""
    return all(_Text(flow, top, parents_of(top)).is_waited_out() for top in flow.reached)


@dataclass(frozen=True, slots=True)
class _Text:
    """`top` is a function of the file, or a class."""

    flow: Flow
    top: ast.AST
    parents: dict[int, ast.AST]

    def is_waited_out(self) -> bool:
        origins = self.flow.origins
        starts = [one for one in ast.walk(self.top) if isinstance(one, ast.Call) and is_start(one, origins)]
        return all(self._is_in_group(call) or self._ends(call, frozenset()) for call in starts)

    def _is_in_group(self, call: ast.Call) -> bool:
        if not isinstance(call.func, ast.Attribute):
            return False
        group = ast.unparse(call.func.value)
        if any(name == group for top in self.flow.reached for name in self._groups(top)):
            return True
        given = (one.arg for one in ast.walk(self.top) if isinstance(one, ast.arg))
        return group in given and any(True for top in self.flow.reached for _ in self._groups(top))

    def _groups(self, top: ast.AST) -> Iterator[str]:
        for item in (one for one in ast.walk(top) if isinstance(one, ast.withitem)):
            made = item.context_expr
            if isinstance(made, ast.Call) and self.flow.origins.is_one_of(made.func, _GROUP) and item.optional_vars:
                yield ast.unparse(item.optional_vars)

    def _ends(self, node: ast.AST, seen: frozenset[str]) -> bool:
        """Whether what an expression gives is waited for, all of it: right there, or by the names that it is given."""
        above = self.parents.get(id(node))
        if isinstance(above, ast.Await):
            return not self._may_be_left_out(above, node)
        if isinstance(above, ast.Return):
            return self._is_handed_back(above)
        if isinstance(above, ast.Assign | ast.AnnAssign | ast.NamedExpr):
            goals = above.targets if isinstance(above, ast.Assign) else [above.target]
            named = any(self._is_waited_for(goal, node, seen) for goal in goals)
            return named or (isinstance(above, ast.NamedExpr) and self._ends(above, seen))
        if isinstance(above, ast.For | ast.AsyncFor | ast.comprehension) and node is above.iter:
            return self._is_gone_through(above, seen)
        if isinstance(above, ast.Call):
            return node is not above.func and self._is_taken(above, seen)
        if isinstance(above, ast.Attribute) and above.attr in _HANDING:
            called = self.parents.get(id(above))
            return isinstance(called, ast.Call) and self._ends(called, seen)
        is_made = isinstance(above, _MADE) and not isinstance(node, ast.comprehension)
        return (isinstance(above, _HELD) or is_made) and above is not None and self._ends(above, seen)

    def _is_taken(self, call: ast.Call, seen: frozenset[str]) -> bool:
        """Whether what is given to a call is waited for: as what the call gives, in what it is added to, or by a helper."""
        if self.flow.origins.is_one_of(call.func, _ALL):
            return self._ends(call, seen)
        if isinstance(call.func, ast.Attribute) and call.func.attr in _ADDING:
            return self._is_waited_for(call.func.value, call, seen)
        helper = call.func.id if isinstance(call.func, ast.Name) else ""
        return any(getattr(top, "name", "") == helper for top in self.flow.reached) and self._ends(call, seen)

    def _is_waited_for(self, goal: ast.AST, start: ast.AST, seen: frozenset[str]) -> bool:
        """Whether a name is one of what is waited for, wherever it stands; an item is, where all that holds it is."""
        goal = goal.value if isinstance(goal, ast.Subscript) else goal
        text = ast.unparse(goal)
        if not isinstance(goal, ast.Name | ast.Attribute) or text in seen:
            return False
        places = (one for one in ast.walk(self.top) if isinstance(one, type(goal)) and ast.unparse(one) == text)
        loads = [one for one in places if isinstance(getattr(one, "ctx", None), ast.Load)]
        return any(self._ends(one, seen | {text}) for one in loads if one is not start)

    def _is_gone_through(self, loop: ast.For | ast.AsyncFor | ast.comprehension, seen: frozenset[str]) -> bool:
        inside = self.parents[id(loop)] if isinstance(loop, ast.comprehension) else loop
        if any(isinstance(one, _LEAVES) for one in ast.walk(inside)):
            return False
        if isinstance(loop, ast.AsyncFor):
            return True
        names = {one.id for one in ast.walk(loop.target) if isinstance(one, ast.Name)}
        found = [one for one in ast.walk(inside) if isinstance(one, ast.Name) and one.id in names]
        return any(self._ends(one, seen | {one.id}) for one in found if isinstance(one.ctx, ast.Load))

    def _may_be_left_out(self, wait: ast.AST, node: ast.AST) -> bool:
        """Whether it stands under a condition: what is started there is another matter, and is awaited where it is."""
        if isinstance(node, ast.Call) and is_start(node, self.flow.origins):
            return False
        above: ast.AST | None = wait
        while (above := self.parents.get(id(above))) is not None and not isinstance(above, _Inner):
            if isinstance(above, _PERHAPS):
                return True
        return False

    def _is_handed_back(self, given: ast.AST) -> bool:
        """Whether somebody else may wait: not where a coroutine gives what is still on its way, and is over."""
        above = self.parents.get(id(given))
        while above is not None and not isinstance(above, _Inner):
            above = self.parents.get(id(above))
        is_own = above is self.flow.function.node
        return not isinstance(above, ast.AsyncFunctionDef) or (is_own and self.flow.function.returns is not None)
