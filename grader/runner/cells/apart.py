"""Functions of a module once more, with names and builtins of their own, so that none of them can be replaced by name.

What is changed in the module, or in `builtins`, after that is another's affair.
"""

import builtins
from types import FunctionType, ModuleType
from typing import Any


def apart(*modules: ModuleType) -> dict[str, Any]:
    """The names of the last of these, in which each function is a copy that calls copies only; so are those that it has of the
    others. Generators and functions with cells of their own are functions, too; classes are those of the module.
    """
    own = dict(vars(builtins))
    copies = dict[int, FunctionType]()
    found = dict[str, Any]()
    for module in modules:
        found = {**vars(module), "__builtins__": own}
        for name, value in found.items():
            if isinstance(value, FunctionType):
                if value.__globals__ is vars(module):
                    copies[id(value)] = _copy(value, found)
                found[name] = copies.get(id(value), value)
    return found


def _copy(function: FunctionType, names: dict[str, Any]) -> FunctionType:
    made = FunctionType(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)
    made.__kwdefaults__ = function.__kwdefaults__
    return made
