"""A real kernel, ipykernel's, in which cells are run one after the other as a frontend runs them."""

import os
import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any

import psutil

ROOT = Path(__file__).parents[2]
_SECONDS = 60.0


@dataclass
class Shown:
    """What stands below a cell: `error` is (name, what is shown of it)."""

    html: str = ""
    text: str = ""
    printed: str = ""
    complained: str = ""
    error: tuple[str, str] = ("", "")
    kinds: list[str] = field(default_factory=list)

    def add(self, message: dict[str, Any]) -> None:
        kind, content = message["msg_type"], message["content"]
        self.kinds.append(kind)
        if kind in ("display_data", "execute_result"):
            self.html += content["data"].get("text/html", "")
            self.text += content["data"]["text/plain"]
        elif kind == "stream":
            if content["name"] == "stderr":
                self.complained += content["text"]
            else:
                self.printed += content["text"]
        elif kind == "error":
            self.error = (content["ename"], "\n".join(content["traceback"]))


class Kernel:
    """`number` of the last cell is the one in brackets beside it."""

    def __init__(self, manager: Any, client: Any):
        self._manager, self._client = manager, client
        self.number = 0

    def run(self, cell: str, seen: Callable[[Shown], None] = lambda shown: None) -> Shown:
        """`seen` is called at each output."""
        shown = Shown()

        def output(message: dict[str, Any]) -> None:
            shown.add(message)
            seen(shown)

        try:
            reply = self._client.execute_interactive(
                dedent(cell).strip("\n"), timeout=_SECONDS, output_hook=output, allow_stdin=False
            )
        except queue.Empty:
            raise AssertionError(f"the cell was not over after {_SECONDS} s") from None
        self.number = reply["content"]["execution_count"]
        return shown

    def interrupt(self) -> None:
        """As the button does."""
        self._manager.interrupt_kernel()

    def children(self) -> list[psutil.Process]:
        """All processes below the kernel."""
        found: list[psutil.Process] = psutil.Process(self._manager.provisioner.process.pid).children(recursive=True)
        return found


def environment() -> dict[str, str]:
    """The kernel's, in which the grader is the one that is tested."""
    said = {name: value for name, value in os.environ.items() if name not in ("GRADER_COURSE", "JPY_SESSION_NAME")}
    path = os.pathsep.join(filter(None, [str(ROOT), said.get("PYTHONPATH")]))
    return said | {"PYTHONPATH": path, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


@contextmanager
def running(folder: Path) -> Iterator[Kernel]:
    """A kernel that stands in `folder`, as one does whose notebook is there."""
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder), env=environment())
    try:
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
