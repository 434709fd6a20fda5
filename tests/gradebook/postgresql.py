"""A PostgreSQL server of the tests' own: in a temporary folder, on a Unix socket, and gone at the end."""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

_MEMORY, _ENOUGH = Path("/dev/shm"), 4 * 2**30  # bytes
_SPEED = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=50"


@dataclass(frozen=True)
class Server:
    """`folder` holds its socket. Each database is new and empty."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def database(self) -> str:
        import psycopg

        name = f"test_{os.getpid()}_{next(self._numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)


def programs() -> Path | None:
    """The folder of initdb and pg_ctl: where Debian has them, else on the PATH."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def _place() -> Path:
    """In memory where there is enough: a database is 300 files and 7 MB, and to remove a hundred takes a disk long.

    The name of a socket must be short.
    """
    there = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ENOUGH
    return Path(tempfile.mkdtemp(prefix="pg-", dir=_MEMORY if there else "/tmp"))


@contextmanager
def running() -> Iterator[Server]:
    """Skips where PostgreSQL is not installed."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'asyncio-grader[postgresql]'")
    bin = programs()
    if bin is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    folder = _place()
    # It refuses to run as root.
    user = "postgres" if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(command, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=60)

    try:
        run(str(bin / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8")
        options = f"-k {folder} -c listen_addresses= {_SPEED}"
        run(str(bin / "pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-o", options, "-w", "start")
        with _stopped_when_this_process_ends(bin, data, user):
            yield Server(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _stopped_when_this_process_ends(bin: Path, data: Path, user: str | None) -> Iterator[None]:
    """However it ends: one who waits for the end of a pipe, and hears no Ctrl-C, stops the server, and takes its files away."""
    stop = f"{shlex.quote(str(bin / 'pg_ctl'))} -D {shlex.quote(str(data))} -m immediate -w stop"
    stopper = subprocess.Popen(
        ["/bin/sh", "-c", f"read nothing; {stop}; rm -rf {shlex.quote(str(data))}"],
        user=user,
        cwd=data.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        stopper.communicate(timeout=60)
