"""The child process of one submission: started bare, and gone with all that it started when it is stopped.

It inherits one socket and nothing else: no environment, no standard streams, no site-packages, an empty folder to stand in.
"""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from grader.course.model import Limits

_ROUNDS = 100  # to kill what starts more of itself
_MARK = "GRADER_RUN"
_BOOT = "import sys; sys.path.append({home!r}); from grader.runner.child_main import main; main()"
_HOME = str(Path(__file__).parent.parent.parent)


class Process:
    """`connection` is our end of the socket."""

    def __init__(self, limits: Limits):
        self.connection, theirs = socket.socketpair()
        self._token = secrets.token_hex(16)
        self._folder = tempfile.mkdtemp(prefix="grader-")
        bounds = [limits.memory_mb, limits.open_files, limits.processes]
        # -S: no site-packages; -s -P: nothing of the user's, nothing of the present folder
        command = [sys.executable, "-S", "-s", "-P", "-X", "utf8", "-c", _BOOT.format(home=_HOME)]
        with theirs:
            self._child = subprocess.Popen(
                [*command, str(theirs.fileno()), *map(str, bounds)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                cwd=self._folder,
                env={"PYTHONHASHSEED": "0", _MARK: self._token, "TZ": "UTC", "LC_ALL": "C.UTF-8"},
                start_new_session=True,
            )

    def how_it_ended(self) -> int:
        """The return code: negative for a signal. Waits for it; call only when the connection is closed."""
        try:
            return self._child.wait(timeout=5)
        except subprocess.TimeoutExpired:  # it closed the socket and lives on
            self.stop()
            return self._child.wait()

    def stop(self) -> None:
        """Kill the child, its process group, and whatever left the group but carries its mark."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        for _ in range(_ROUNDS):
            pids = _marked(self._token)
            if not pids:
                break
            for pid in pids:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
        self.connection.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _marked(token: str) -> list[int]:
    """Living processes that were started with `token` in their environment; none where there is no /proc."""
    mark, found = f"{_MARK}={token}".encode(), []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (entry / "environ").read_bytes() and not _is_dead(entry):
                found.append(int(entry.name))
    return found


def _is_dead(entry: Path) -> bool:
    return (entry / "stat").read_text().rpartition(")")[2].split()[0] in ("Z", "X")
