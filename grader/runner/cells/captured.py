"""`capture_output`, as IPython has it: what is printed and displayed while it lasts, and does not stand below the cell."""

import io
import sys
from collections.abc import Callable
from typing import Any

from grader.runner import ipython
from grader.runner.cells.bundle import bundle

Forms = dict[str, str]


class RichOutput:
    """What was displayed, in all its forms."""

    def __init__(self, data: Forms):
        self.data, self.metadata = data, dict[str, Any]()

    def display(self) -> None:
        ipython.MODULES["IPython.display"].display(self)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[Forms, dict[str, Any]]:
        return self.data, self.metadata


class CapturedIO:
    """Of a stream that is not captured, and where nothing is displayed, there is nothing."""

    def __init__(self, stdout: io.StringIO | None, stderr: io.StringIO | None, shown: list[Forms]):
        self._stdout, self._stderr, self._shown = stdout, stderr, shown

    @property
    def stdout(self) -> str:
        return "" if self._stdout is None else self._stdout.getvalue()

    @property
    def stderr(self) -> str:
        return "" if self._stderr is None else self._stderr.getvalue()

    @property
    def outputs(self) -> list[RichOutput]:
        return [RichOutput(forms) for forms in self._shown]

    def show(self) -> None:
        sys.stdout.write(self.stdout)
        sys.stderr.write(self.stderr)
        for each in self.outputs:
            each.display()

    __call__ = show

    def __str__(self) -> str:
        return self.stdout


def put_in_place(display: Callable[..., None]) -> Callable[..., None]:
    """By the names that it has there. What it gives is to stand in the place of `display`, and is that while nobody listens."""
    listening = list[list[Forms]]()

    def displayed(*values: Any, **named: Any) -> None:
        if not listening:
            display(*values, **named)
        for value in values if listening else ():
            forms = dict(value) if named.get("raw") and isinstance(value, dict) else bundle(value, _raised)
            if forms:
                listening[-1].append(forms)

    class capture_output:
        def __init__(self, stdout: bool = True, stderr: bool = True, display: bool = True):
            self._wants = {"stdout": stdout, "stderr": stderr}
            self._display = display

        def __enter__(self) -> CapturedIO:
            self._before = {name: getattr(sys, name) for name in self._wants}
            found = {name: io.StringIO() for name, wanted in self._wants.items() if wanted}
            vars(sys).update(found)
            shown = list[Forms]()
            if self._display:
                listening.append(shown)
            return CapturedIO(found.get("stdout"), found.get("stderr"), shown)

        def __exit__(self, *_: object) -> None:
            vars(sys).update(self._before)
            if self._display:
                listening.pop()

    for name in ("IPython.utils.capture", "IPython.utils.io"):
        vars(ipython.MODULES[name]).update(capture_output=capture_output, CapturedIO=CapturedIO, RichOutput=RichOutput)
    displayed.__name__ = displayed.__qualname__ = "display"
    return displayed


def _raised(error: BaseException) -> None:
    raise error
