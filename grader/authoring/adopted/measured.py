"""A runtime that a function of a reference file measures, as an expression over how long what it measures takes."""

import ast
from dataclasses import dataclass

from grader.authoring.adopted.functions import Function
from grader.authoring.adopted.kinds import own
from grader.authoring.adopted.origins import Origins
from grader.authoring.adopted.waits import set_once

_CLOCKS = frozenset({"time.time", "time.perf_counter", "time.monotonic", "time.process_time", "timeit.default_timer"})


def measured(function: Function, origins: Origins, took: str, names: dict[str, str]) -> tuple[str, str]:
    """What it returns, with how exact that is; both empty where that is not told. `names` are those of its parameters."""
    values = [one.value for one in own(function.node) if isinstance(one, ast.Return)]
    if len(values) != 1 or values[0] is None:
        return "", ""
    value, exact = _rounded(set_once(function, values[0]), origins)
    made = _Measuring(function, origins, took, names).text(value)
    return (made, exact) if made and took in made else ("", "")


def _rounded(value: ast.expr, origins: Origins) -> tuple[ast.expr, str]:
    """Of `round(x, 2)` the `x`, and the last digit that is kept."""
    if not (isinstance(value, ast.Call) and origins.is_pythons(value.func, "round") and value.args):
        return value, "0.001"
    digits = value.args[1] if len(value.args) > 1 else ast.Constant(0)
    kept = digits.value if isinstance(digits, ast.Constant) and isinstance(digits.value, int) else 0
    return value.args[0], repr(max(10.0**-kept, 0.001))


@dataclass(frozen=True, slots=True)
class _Measuring:
    function: Function
    origins: Origins
    took: str
    names: dict[str, str]

    def text(self, node: ast.expr, depth: int = 5) -> str:
        """Empty for all that is not a difference of two times, arguments and numbers."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return repr(node.value)
        if isinstance(node, ast.Name):
            if node.id in self.names and set_once(self.function, node) is node:
                return self.names[node.id]
            value = set_once(self.function, node)
            return self.text(value, depth - 1) if value is not node and depth else ""
        if not isinstance(node, ast.BinOp):
            return ""
        if isinstance(node.op, ast.Sub) and self._is_time(node.left) and self._is_time(node.right):
            return self.took
        sign = {ast.Div: "/", ast.Mult: "*", ast.Sub: "-", ast.Add: "+"}.get(type(node.op), "")
        left, right = self.text(node.left, depth), self.text(node.right, depth)
        return f"({left} {sign} {right})" if sign and left and right else ""

    def _is_time(self, node: ast.expr) -> bool:
        value = set_once(self.function, node)
        return isinstance(value, ast.Call) and self.origins.is_one_of(value.func, _CLOCKS)
