"""The child process of one submission: started bare, and gone with all that it started when it is stopped.

It inherits one socket and nothing else: no environment, no standard streams, no site-packages, an empty folder to stand in. If
root grades it is another user's, where that user can read what it needs.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from grader.course.model import Limits
from grader.errors import GraderFault
from grader.run import folders, leftovers
from grader.run.environment import ENVIRONMENT
from grader.run.ordinary import user_of_programs

_BOOT = "import sys; sys.path.append({home!r}); from grader.isolation.unisolated import main; main()"
_HOME = str(Path(__file__).parent.parent.parent)


class Spawned:
    """A fresh interpreter, which takes as long as one does. `connection` is our end of the socket."""

    def __init__(self, limits: Limits, packages: Mapping[str, str] | None = None):
        self.connection, theirs = socket.socketpair()
        self.cpu_seconds = 0.0
        self._token = secrets.token_hex(16)
        self._folder = folders.made()
        extra = (limits.processes or 0) + (limits.threads or 0)
        user = user_of_programs(packages or {})
        bounds = [limits.memory_mb, limits.open_files, extra]
        # -S: no site-packages; -s -P: nothing of the user's, nothing of the present folder
        command = [sys.executable, "-S", "-s", "-P", "-X", "utf8", "-c", _BOOT.format(home=_HOME)]
        try:
            if user is not None:
                os.chown(self._folder, user, user)
            with theirs:
                self._child = subprocess.Popen(
                    [*command, str(theirs.fileno()), *map(str, bounds), json.dumps(dict(packages or {}))],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    cwd=self._folder,
                    env=ENVIRONMENT | {leftovers.MARK: self._token},
                    start_new_session=True,
                    user=user,
                    group=user,
                    extra_groups=None if user is None else [],
                )
        except OSError as error:
            self.connection.close()
            folders.gone(self._folder)
            raise GraderFault(f"the child could not be started: {error.strerror}") from error

    def place(self, files: Mapping[str, str]) -> str | None:
        """A fresh folder with these files; its path."""
        from grader.runner.folder import place  # with it comes all that plays a program

        return place(self._folder, files, for_others=True)  # the child may be another user

    @property
    def number(self) -> int | None:
        return self._child.pid

    def how_it_ended(self) -> int:
        """The return code: negative for a signal. Waits for it; call only when the connection is closed."""
        before = _cpu_of_children()
        try:
            return self._child.wait(timeout=5)
        except subprocess.TimeoutExpired:  # it closed the socket and lives on
            self.stop()
            return self._child.wait()
        finally:
            self.cpu_seconds = _cpu_of_children() - before

    def ring(self) -> None:
        """The time is up: where it waits, the child hears that, and may still say in which line."""
        self._child.send_signal(signal.SIGALRM)

    def stop(self) -> None:
        """Kill the child and all that it started, and take away its folder."""
        # the child itself stays unreaped until then, so its number cannot be another's
        leftovers.clear(self._token, self._child.pid)
        self._child.wait()
        self.connection.close()
        folders.gone(self._folder)


def _cpu_of_children() -> float:
    """Of those that have ended; another thread's that ends at the same moment counts, too."""
    times = os.times()
    return times.children_user + times.children_system
