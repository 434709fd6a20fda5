"""Real schedulers, workers and commands, each process told from all others by a mark in its environment."""

import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

from grader.cluster.seat import IDLE

ROOT = Path(__file__).parents[2]
MARK = "GRADER_TEST"
WAIT = 90
SEAT, NODE = "grader.cluster.seat", "grader.cluster.node"


@dataclass
class Processes:
    """Those that a test starts, and all that they start; `marked` sees them as long as they keep their environment."""

    mark: str = field(default_factory=lambda: uuid.uuid4().hex)
    started: "list[subprocess.Popen[str]]" = field(default_factory=list)

    def start(self, *program: str, cwd: Path = ROOT, path: Path = ROOT) -> "subprocess.Popen[str]":
        environment = os.environ | {"PYTHONPATH": str(path), MARK: self.mark}
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            [sys.executable, *program],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=pipe,
            stderr=pipe,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def marked(self, module: str = "") -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == self.mark and module in " ".join(process.cmdline()):
                    found.append(process)
            except psutil.Error:
                continue
        return [process for process in found if process.status() != psutil.STATUS_ZOMBIE]

    def left(self, module: str = "") -> list[str]:
        """What is there still when all have had time to end, which is less than a seat has that nobody asks."""
        _, alive = psutil.wait_procs(self.marked(module), timeout=IDLE / 2)
        return [" ".join(process.cmdline()) for process in alive]

    def end(self) -> None:
        for process in self.marked():
            process.kill()
        for process in self.started:
            process.communicate()


@contextmanager
def processes() -> Iterator[Processes]:
    found = Processes()
    try:
        yield found
    finally:
        found.end()


def heard(stream: IO[str] | None, pattern: str) -> str:
    """What a process says sooner or later."""
    assert stream is not None
    for line in stream:
        match = re.search(pattern, line)
        if match:
            return match[1]
    raise AssertionError(f"it ended without saying {pattern}")


def scheduler(of: Processes, *options: str) -> tuple[str, "subprocess.Popen[str]"]:
    """Its address, and the process."""
    program = ("-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    process = of.start(*program, *options)
    return heard(process.stderr, r"Scheduler at: +(\S+)"), process


def worker(of: Processes, address: str, *options: str, path: Path = ROOT) -> "subprocess.Popen[str]":
    """A worker that has found its scheduler."""
    program = ("-m", "distributed.cli.dask_worker", address, "--host", "127.0.0.1", "--no-dashboard")
    process = of.start(*program, *options, cwd=path, path=path)
    heard(process.stderr, r"(Registered to)")
    return process


def grade(of: Processes, course: Path, out: Path, *options: str) -> "subprocess.Popen[str]":
    return of.start("-m", "grader", "grade", "class", "--out", str(out), *options, cwd=course)


def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    """The code, what was said, and what went wrong."""
    out, err = process.communicate(timeout=WAIT)
    return process.returncode, out, err


def records(out: Path) -> list[bytes]:
    return [(out / name).read_bytes() for name in ("verdicts.jsonl", "grades.csv", "report/index.html")]
