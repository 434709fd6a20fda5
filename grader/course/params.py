"""The parameters of an operation: names, and the defaults that some of them have, written as in Python."""

import ast
from collections.abc import Sequence
from typing import Any

NUMBER = "number"  # in the expressions of an operation: how many of its calls had begun before


def names_of(params: Sequence[str]) -> list[str]:
    return [param.partition("=")[0].strip() for param in params]


def defaults_of(params: Sequence[str]) -> dict[str, Any]:
    """Raises ValueError for a default that is no plain value."""
    pairs = [(name.strip(), text.strip()) for name, sign, text in (param.partition("=") for param in params) if sign]
    return {name: _value(name, text) for name, text in pairs}


def _value(name: str, text: str) -> Any:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        raise ValueError(f"the default {text!r} of {name!r} is no plain value; write it as in Python") from None
    if value is not None and type(value) not in (bool, int, float, str):
        raise ValueError(f"the default {text!r} of {name!r} is no number, text, True, False or None; use one of these")
    return value


def misplaced(params: Sequence[str]) -> str:
    """The first parameter without a default that stands after one with; empty if there is none."""
    seen = False
    for param in params:
        if seen and "=" not in param:
            return param
        seen = seen or "=" in param
    return ""
