"""A stand-in for IPython, which is not there when a notebook is graded: what is displayed is printed, all else does nothing."""

import types
from typing import Any


class Shown:
    """Whatever wraps something for the screen (`HTML`, `Markdown`, ...), and the shell itself: takes anything, does nothing."""

    def __init__(self, *args: Any, **named: Any) -> None:
        """Nothing of it is kept."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return nothing

    def __enter__(self) -> "Shown":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was begun."""

    def __repr__(self) -> str:
        return ""


def nothing(*args: Any, **named: Any) -> None:
    """Takes anything."""


def display(*objects: Any, **named: Any) -> None:
    """Prints each on a line of its own, as a notebook shows it."""
    for one in objects:
        if not isinstance(one, Shown):
            print(repr(one))


def get_ipython() -> Shown:
    return _SHELL


class _StandIn(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Shown if name[:1].isupper() else nothing


def _module(name: str, **holds: Any) -> types.ModuleType:
    made = _StandIn(name)
    vars(made).update({"__path__": [], "display": display, "get_ipython": get_ipython, **holds})
    return made


_SHELL = Shown()
NAMES = {"display": display, "get_ipython": get_ipython}
_display = _module("IPython.display")
_core = _module("IPython.core", display=_display)
MODULES: dict[str, types.ModuleType] = {
    "IPython": _module("IPython", display=display, core=_core),
    "IPython.display": _display,
    "IPython.core": _core,
    "IPython.core.display": _display,
}
