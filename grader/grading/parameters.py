"""What a function of the learner's file can be called with, by place, as its text says."""

import ast
from dataclasses import dataclass

from grader.checks import Source
from grader.checks.words import listed


@dataclass(frozen=True, slots=True)
class Parameters:
    """`least` and `most` arguments by place, `most` None without end; `by_name` are those that have to be named."""

    line: int
    least: int
    most: int | None
    by_name: tuple[str, ...] = ()

    def fits(self, given: int) -> bool:
        return not self.by_name and self.least <= given and (self.most is None or given <= self.most)

    def __str__(self) -> str:
        """`yours takes 2`, as part of a sentence."""
        if self.most is None:
            takes = f"at least {self.least}"
        elif self.least == self.most:
            takes = "none" if self.most == 0 else str(self.most)
        else:
            takes = f"{self.least} to {self.most}"
        named = f", and needs {listed([f'`{name}`' for name in self.by_name])} by name" if self.by_name else ""
        return f"yours takes {takes}{named}"


def parameters(source: Source, name: str) -> Parameters | None:
    """Those of the last function of that name at the top of the file; None where there is none, or it is decorated."""
    body = source.tree.body if source.tree else []
    found = [node for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name]
    if not found or found[-1].decorator_list:
        return None
    args = found[-1].args
    places = len(args.posonlyargs) + len(args.args)
    pairs = zip(args.kwonlyargs, args.kw_defaults, strict=True)
    return Parameters(
        line=found[-1].lineno,
        least=places - len(args.defaults),
        most=None if args.vararg else places,
        by_name=tuple(arg.arg for arg, default in pairs if default is None),
    )
