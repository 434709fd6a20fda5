"""The trusted side of a zygote, and of the jobs that it forks: processes that can be rung, stopped and asked how they ended."""

import contextlib
import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.course.model import Limits
from grader.errors import GraderFault
from grader.run import folders, leftovers
from grader.run.environment import ENVIRONMENT
from grader.run.interrupts import put_off
from grader.run.rest import number_of

_BOOT = "import sys; sys.path.append({home!r}); from grader.isolation.forks import main; main()"
_HOME = str(Path(__file__).parent.parent.parent)
_LARGEST = 4096
READY = 60.0  # real seconds for a zygote to import everything, on a machine that is busy
ENDING = 2.0  # for a zygote to end that is not needed any more
PROMPT = 20.0  # and for it to fork, or to say how a job ended that was killed


class Unavailable(Exception):
    """This level of isolation cannot be had here; the text says why."""


class Died(Exception):
    """The zygote is gone."""


class Job:
    """One submission's process. `connection` is our end of its socket, and all that it has of the world.

    `shelf`: where files are laid for it to read, if it cannot write them itself.
    """

    def __init__(self, connection: socket.socket, status: socket.socket, process: int, shelf: str | None = None):
        self.connection, self._status, self._process, self._shelf = connection, status, process, shelf
        self._placed: str | None = None
        self._name = secrets.token_hex(
            8
        )  # a job of another thread sees that there is a folder, and not what is called how in it
        self._code: int | None = None
        self.cpu_seconds = 0.0

    def place(self, files: Mapping[str, str]) -> str | None:
        """A fresh folder with these files; its path, or None where the job has a disk of its own to write them to."""
        if self._shelf is None:
            return None
        from grader.runner.folder import place  # with it comes all that plays a program, which is the job's to have

        with _one_at_a_time:
            if self._placed is None:
                with _mode(self._shelf, 0o755, 0o555):
                    self._placed = tempfile.mkdtemp(dir=self._shelf)
            with _mode(self._placed, 0o711, 0o111):
                return place(self._placed, files, name=self._name, for_others=True)

    @property
    def number(self) -> int | None:
        return number_of(self._process)

    def how_it_ended(self) -> int:
        """The return code: negative for a signal. Call only when the connection is closed."""
        if self._code is None:
            self._status.settimeout(5)
            try:
                self._hear()
            except TimeoutError:  # it closed the socket and lives on
                self._kill()
                self._status.settimeout(PROMPT)
                self._hear()
        assert self._code is not None
        return self._code

    def _hear(self) -> None:
        words = self._status.recv(_LARGEST).decode().split()
        if not words:
            self._code = -signal.SIGKILL  # the zygote died, and all its jobs with it
            return
        code = int(words[1])
        # in a namespace of processes of its own a job ends so at the limit on CPU time
        self._code, self.cpu_seconds = -signal.SIGXCPU if code == signal.SIGXCPU else code, float(words[2])

    def ring(self) -> None:
        """The time is up: where it waits, the job hears that, and may still say in which line."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, signal.SIGALRM)

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, signal.SIGKILL)

    def stop(self) -> None:
        """Kill it, and with it all that it has started; returns when nothing of it is left."""
        if self._process < 0:
            return
        self._kill()
        waiting = select.poll()
        waiting.register(self._process, select.POLLIN)
        waiting.poll(PROMPT * 1000)
        os.close(self._process)
        self._process = -1
        if self._placed is not None and self._shelf is not None:
            from grader.runner.folder import remove

            with _one_at_a_time, _mode(self._shelf, 0o755, 0o555):
                os.chmod(self._placed, 0o700)
                remove(self._placed)
        self._status.close()
        self.connection.close()


_one_at_a_time = threading.Lock()


@contextlib.contextmanager
def _mode(folder: str, during: int, after: int) -> Iterator[None]:
    """We write there only in this time; a job has rules, too, that let it read and no more."""
    os.chmod(folder, during)
    try:
        yield
    finally:
        os.chmod(folder, after)


class Zygote:
    """One process that forks jobs at one level of isolation.

    `packages`: folders of modules that jobs may import, by name. `without` names defences that are left out, which only their
    own tests do. It is ready for jobs when this returns, or with `soon` after `wait`. Raises Unavailable.
    """

    def __init__(
        self,
        level: str,
        packages: Mapping[str, str] | None = None,
        without: Collection[str] = (),
        *,
        soon: bool = False,
    ):
        self.level = level
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._folder = folders.made()
        os.chmod(self._folder, 0o555)  # whoever a job is; there is nothing in it
        told = {
            "descriptor": theirs.fileno(),
            "level": level,
            "home": _HOME,
            "folder": self._folder,
            "packages": dict(packages or {}),
            "without": sorted(without),
        }
        # -S: no site-packages; -s -P: nothing of the user's, nothing of the present folder
        command = [sys.executable, "-S", "-s", "-P", "-X", "utf8", "-c", _BOOT.format(home=_HOME), json.dumps(told)]
        try:
            with theirs, put_off():  # else Ctrl-C could leave a process that nobody knows of
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    cwd="/",
                    env=ENVIRONMENT,
                    start_new_session=True,
                )
                leftovers.keep(self._process.pid)
        except OSError as error:
            self._control.close()
            folders.gone(self._folder)
            raise Unavailable(f"no process could be started: {error.strerror}") from error
        except KeyboardInterrupt:
            if "_process" in vars(self):
                self.abandon()
            raise
        if not soon:
            self.wait()

    def wait(self) -> None:
        """Until it is ready. Raises Unavailable."""
        self._control.settimeout(READY)
        try:
            said = self._control.recv(_LARGEST)
        except OSError:
            said = b""
        except KeyboardInterrupt:
            self.abandon()
            raise
        answer = json.loads(said or b'{"failed": "the process that was to fork died"}')
        if "ready" not in answer:
            self.close()
            raise Unavailable(answer["failed"])

    def start(self, limits: Limits) -> Job:
        """A job that waits for its first case. Raises Died, or GraderFault where the system has no process left."""
        extra = (limits.processes or 0) + (limits.threads or 0)
        return self._begin({"memory_mb": limits.memory_mb, "open_files": limits.open_files, "processes": extra})

    def probe(self, secrets: Sequence[str]) -> list[str]:
        """What can be done in a job that must not be possible there; `secrets` are files that nobody may see.

        Raises Unavailable where no job can be shut in.
        """
        bounds = {"memory_mb": 256, "open_files": 32, "processes": 10}
        job = self._begin({**bounds, "probes": list(secrets)})
        job.connection.settimeout(PROMPT)
        said = bytearray()
        try:
            while data := job.connection.recv(_LARGEST):
                said += data
        except OSError:
            said.clear()
        finally:
            job.stop()
        found: list[str] | dict[str, str] = json.loads(said or b'["end the process that tries"]')
        if isinstance(found, dict):
            raise Unavailable(found["failed"])
        return found

    def _begin(self, bounds: dict[str, Any]) -> Job:
        connection, inside = socket.socketpair()
        status, reported = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with inside, reported:
                socket.send_fds(self._control, [json.dumps(bounds).encode()], [inside.fileno(), reported.fileno()])
            status.settimeout(PROMPT)
            said, descriptors, *_ = socket.recv_fds(status, _LARGEST, 1)
        except OSError as error:
            connection.close()
            status.close()
            raise Died(str(error)) from error
        if said == b"started":
            return Job(connection, status, descriptors[0], None if self.level == "A" else self._folder)
        connection.close()
        status.close()
        if not said:
            raise Died("it said nothing")
        raise GraderFault(f"no process could be forked: {said.decode().removeprefix('failed ')}")

    def abandon(self) -> None:
        """It ends at once, and has no job: while it imports it does not hear that it is to end."""
        self._process.kill()
        self.close()

    def close(self) -> None:
        """Its jobs end with it. It goes by itself, so that what it took is known; or else it is killed."""
        self._control.close()
        try:
            self._process.wait(ENDING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        leftovers.forget(self._process.pid)
        folders.gone(self._folder)
