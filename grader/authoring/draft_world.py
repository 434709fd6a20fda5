"""The world of a drafted exercise: its sleeps, and the functions of earlier files that it uses, as operations.

What an operation takes and gives nobody can read from a file: those places are marked.
"""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass

from grader.authoring.reference import Function, Parameter, Reference, ReferenceFile
from grader.course.functions import FUNCTIONS

_SLEEP = [
    '    sleep: {params: [delay, "result=None"], key: delay, duration: "=delay", result: "=result"}',
]


@dataclass(frozen=True, slots=True)
class DraftWorld:
    """`lines` of exercise.yaml; `operations` that stand for a name of an earlier file."""

    lines: list[str]
    operations: dict[str, str]

    def witnessed(self, function: Function) -> str:
        """The selector of an operation whose call shows that the function did something; empty where there is none."""
        used = next((self.operations[name] for name in function.uses if name in self.operations), "")
        return used or ("sleep[*]" if function.sleeps else "")


def world_of(reference: Reference, file: ReferenceFile) -> DraftWorld:
    operations: dict[str, str] = {}
    lines, modules = list[str](), list[str]()
    sleeps = any(function.sleeps for function in file.functions)
    taken = {one.module: one.names for one in file.imports}
    for module in reference.needs(file):
        other = reference.file(file.within, module)
        if other is None:
            continue
        provided = [one for one in other.functions if module not in taken or one.name in taken[module]]
        new = [function for function in provided if function.name not in operations]
        operations |= {function.name: _operation(function) for function in new}
        lines += [line for function in new for line in _scripted(function)]
        modules += _module(other, provided)
    if sleeps:
        lines += _SLEEP
    if not lines and not modules:
        return DraftWorld([], operations)
    written = ["world:", *(["  operations:", *lines] if lines else [])]
    written += ["  replaces: [asyncio.sleep]"] if sleeps else []
    written += ["  modules:", *modules] if modules else []
    return DraftWorld([*written, ""], operations)


def _operation(function: Function) -> str:
    """What is called in place of the function: itself where it is a coroutine, else something that its code awaits."""
    return function.name if function.kind in {"coroutine", "function"} else f"{function.name}_awaited"


def var(name: str) -> str:
    """A name that is one in expressions, and hides none of their functions."""
    plain = name.lstrip("_") or "value"
    return f"{plain}_" if plain in FUNCTIONS or plain in {"number", "result"} else plain


def key(name: str) -> str:
    """A name as YAML takes it for text."""
    return json.dumps(name) if name.lower() in _NO_TEXT else name


_NO_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def _parameter(parameter: Parameter) -> str:
    """With its default where that is a constant; what is computed for a default, an operation cannot have."""
    if not parameter.default:
        return var(parameter.name)
    return f"{var(parameter.name)}={_default(parameter)}"


def _default(parameter: Parameter) -> str:
    return parameter.default if _is_constant(parameter.default) else "None"


def _is_constant(text: str) -> bool:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return False
    return value is None or isinstance(value, bool | int | float | str)


def _scripted(function: Function) -> Iterator[str]:
    params = [] if function.kind == "async_generator" else list(map(_parameter, function.parameters))
    yield f"    {key(_operation(function))}:"
    yield f"      params: [{', '.join(map(json.dumps, params))}]"
    if params:
        yield f"      key: {key(var(function.parameters[0].name))}"
    if function.kind == "function":
        yield "      blocking: true"
    yield '      duration: 1 # TODO: seconds, or an expression; `number` counts the calls: "=delays[number % len(delays)]"'
    yield '      result: "TODO: what it returns"'


def _module(file: ReferenceFile, provided: list[Function]) -> Iterator[str]:
    names = ", ".join(_operation(function) for function in provided)
    also = ", ".join(file.also)
    yield f"    {json.dumps(file.module)}:"
    yield f"      operations: [{names}]"
    if also:
        yield f"      also: [{also}]"
    code = [line for function in provided for line in _code(function)]
    if code:
        yield "      code: |"
        yield from (f"        {line}" for line in code)


def _code(function: Function) -> Iterator[str]:
    """What stands for a function that is no coroutine function."""
    given = ", ".join(one.name + (f"={_default(one)}" if one.default else "") for one in function.parameters)
    handed_on = ", ".join(one.name for one in function.parameters)
    if function.kind == "function_in_loop":
        yield "import asyncio"
        yield f"def {function.name}({given}):"
        yield f"    return asyncio.create_task({function.name}_awaited({handed_on}))"
    elif function.kind == "async_generator":
        yield f"async def {function.name}({given}):"
        yield "    for _ in range(3): # TODO: how many"
        yield f"        yield await {function.name}_awaited()"
