"""A cluster on this machine, for one command: a scheduler and workers with one thread each, which are gone when it ends.

They listen on the loopback address alone, and speak only with who has the key that was made for them: without it anybody who
has an account here could make them run anything.
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from grader.cluster.node import Settings
from grader.cluster.place import connected
from grader.errors import UsageError
from grader.intake.unpack import scratch
from grader.run.interrupts import put_off

_BOOT = "import sys; sys.path.append({home!r}); from grader.cluster.node import main; main()"
_HOME = str(Path(__file__).parent.parent.parent)
READY = 60.0  # real seconds for a process to import everything, on a machine that is busy
ENDING = 5.0  # for all of them to end


@dataclass(slots=True)
class Local:
    """`workers` processes; `address` is the scheduler's as long as it lives."""

    workers: int
    folder: str
    security: Any
    address: str = ""
    patience: float = READY
    _scheduler: "subprocess.Popen[bytes] | None" = None
    _living: "dict[int, subprocess.Popen[bytes]]" = field(default_factory=dict)

    def start(self) -> None:
        """Raises UsageError where it cannot be started."""
        with put_off():  # Ctrl-C comes when it is known, and can be ended
            self._scheduler = self._process("scheduler", 0)
        self.address = _heard(self._scheduler)
        self.keep()

    def connect(self) -> Any:
        return connected(self.address, self.security)

    def keep(self) -> None:
        for number in range(self.workers):
            found = self._living.get(number)
            if found is None or found.poll() is not None:
                if found is not None:
                    _end([found])
                with put_off():
                    self._living[number] = self._process("worker", number)

    def again(self) -> bool:
        self.close()
        self.start()
        return True

    def close(self) -> None:
        """The workers first: one that has lost its scheduler takes its time."""
        _end(list(self._living.values()))
        self._living.clear()
        if self._scheduler is not None:
            _end([self._scheduler])
            self._scheduler = None

    def _process(self, role: str, number: int) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            # -P: nothing of the present folder, which may be that of the submissions
            [sys.executable, "-P", "-c", _BOOT.format(home=_HOME)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if role == "scheduler" else subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C is for the command, which ends them in order
        )
        settings = Settings(
            role, number, self.address, self.folder, self.security.tls_ca_file, self.security.tls_client_key
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(asdict(settings)).encode() + b"\n")
        process.stdin.flush()
        return process


def _heard(scheduler: "subprocess.Popen[bytes]") -> str:
    """Where it listens."""
    assert scheduler.stdout is not None
    ready, _, _ = select.select([scheduler.stdout], [], [], READY)
    said = scheduler.stdout.readline().decode().strip() if ready else ""
    if not said:
        _end([scheduler])
        raise UsageError("--cluster local: the scheduler could not be started; `dask scheduler` may say why")
    return said


def _end(processes: "list[subprocess.Popen[bytes]]") -> None:
    """They end when nothing more can come from here, or else they are killed."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
    for process in processes:
        try:
            process.wait(ENDING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


@contextmanager
def local_cluster(workers: int) -> Iterator[Local]:
    """Raises UsageError."""
    if os.name != "posix":
        raise UsageError("--cluster local:N is made for Linux and macOS; leave --cluster out, and say --jobs N")
    from distributed.security import Security

    try:
        security = Security.temporary()
    except ImportError:
        raise UsageError("--cluster local:N needs cryptography; pip install 'asyncio-grader[cluster]'") from None
    with scratch() as folder:
        here = Local(workers, str(folder), security)
        try:
            here.start()
            yield here
        finally:
            here.close()
