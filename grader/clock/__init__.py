"""Virtual time for asyncio: a loop whose clock jumps. Usable alone: see docs/clock.md.

Standard library only.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from grader.clock.findings import hygiene
    from grader.clock.lookout import Outside
    from grader.clock.loop import VirtualLoop
    from grader.clock.outside import OutsideLoop

__all__ = ["Outside", "OutsideLoop", "VirtualLoop", "hygiene"]
_MODULES = {"hygiene": "findings", "VirtualLoop": "loop", "OutsideLoop": "outside", "Outside": "lookout"}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
