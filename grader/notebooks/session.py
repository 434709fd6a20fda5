"""What was run in this kernel: cells by the number that stands in brackets beside them, and which of them a function is of."""

import sys
from types import CodeType, FunctionType
from typing import Any, Protocol, cast

NAMELESS = "<lambda>"  # as Python calls a function that has no name of its own


class Shell(Protocol):
    """What is needed of IPython's. `execution_count`: the present cell's number in old ones, the next one's in new ones."""

    execution_count: int

    @property
    def history_manager(self) -> Any: ...
    @property
    def compile(self) -> Any: ...
    @property
    def user_ns(self) -> dict[str, Any]: ...
    def run_cell(self, raw_cell: str, store_history: bool = ...) -> Any: ...
    def register_magic_function(self, func: Any, magic_kind: str = ..., magic_name: str = ...) -> None: ...


def shell() -> Shell | None:
    """None where Python was not started by IPython."""
    ipython = sys.modules.get("IPython")
    return cast("Shell | None", ipython.get_ipython()) if ipython is not None else None


def cells(shell: Shell) -> list[list[Any]]:
    """[number, text] of each cell that was run, in that order, as it was written; the present one last."""
    history = shell.history_manager.input_hist_raw
    return [[number, text] for number, text in enumerate(history) if isinstance(text, str) and text.strip()]


def present(shell: Shell, below: str) -> int:
    """The number of the cell that is run now, which ends with `below`."""
    history = shell.history_manager.input_hist_raw
    kept = below.strip() and history[-1].rstrip().endswith(below.rstrip())  # a frontend may ask that it be not
    return len(history) - 1 if kept else len(history)


def cell_of(shell: Shell, code: CodeType) -> int | None:
    """The cell that `code` was compiled from; None for what is of no cell, or of one that is not in the history."""
    number = getattr(shell.compile, "_filename_map", {}).get(code.co_filename)
    history = shell.history_manager.input_hist_raw
    return number if isinstance(number, int) and 0 < number < len(history) else None


def origins(shell: Shell) -> dict[str, int]:
    """The cells of the functions that the kernel has now under their own names, whatever has tried since to define them."""
    found = dict[str, int]()
    for name, value in list(shell.user_ns.items()):
        # of one that wraps another the code is of the cell that makes such wrappers, and not of this name's
        if isinstance(value, FunctionType) and value.__name__ == name and not hasattr(value, "__wrapped__"):
            number = cell_of(shell, value.__code__)
            if number is not None:
                found[name] = number
    return found


def known_as(shell: Shell, function: Any) -> list[str]:
    """The names under which the kernel has this very function, those that cells gave it."""
    return [name for name, value in list(shell.user_ns.items()) if value is function and not name.startswith("_")]


def run_below(shell: Shell, cell: str, number: int) -> bool:
    """Runs what stands below the first line of cell `number`, whose lines count as they are seen; whether to go on.

    Not where it was interrupted. Nothing is run where `await` stands outside of its functions: the loop that this would need
    is busy with us.
    """
    if _awaits(cell):
        return True
    next_one, shell.execution_count = shell.execution_count, number
    try:
        done = shell.run_cell(f"# %%check\n{cell}", store_history=False)
    finally:
        shell.execution_count = next_one
    return not isinstance(done.error_in_exec, KeyboardInterrupt)


def _awaits(cell: str) -> bool:
    from ast import PyCF_ALLOW_TOP_LEVEL_AWAIT
    from inspect import CO_COROUTINE

    try:
        code = compile(cell, "", "exec", PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(code.co_flags & CO_COROUTINE)
