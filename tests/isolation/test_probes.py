"""What is tried before anything is played: each probe does what it is called after, and tells where that was possible."""

import os
import socket
from types import SimpleNamespace
from typing import Any

import pytest

from grader.isolation import probes

pytest.importorskip("resource")
SECRET = "/a/secret"
LIBRARY = f"{os.path.dirname(os.__file__)}/grader-probe"
_open = os.open

# by name: the call that it makes, and what that is asked for first
TRIED = {
    f"read {SECRET}": ("os.open", SECRET),
    "read /etc/passwd": ("os.open", "/etc/passwd"),
    "read /proc/self/environ": ("os.open", "/proc/self/environ"),
    "write into Python's library": ("os.open", LIBRARY),
    "write elsewhere": ("os.open", "/grader-probe"),
    "write into /tmp": ("os.open", "/tmp/grader-probe"),
    "make a link": ("os.symlink", "/"),
    "open a network socket": ("socket.socket", socket.AF_INET),
    "open a unix socket": ("socket.socket", socket.AF_UNIX),
    "fork": ("os.fork", None),
    "execute a program": ("os.execv", "/bin/true"),
    "send a signal": ("os.kill", os.getppid()),
    "share memory": ("mmap.mmap", -1),
    "make a file in memory": ("os.memfd_create", "probe"),
    "make a namespace": ("grader.isolation.system.unshare", 0x10000000),
    "mount": ("grader.isolation.system.mount", "none"),
    "raise a limit": ("resource.setrlimit", None),
}
DESCRIPTORS = ("os.open", "os.memfd_create")


def test_these_are_all_that_there_are() -> None:
    assert list(probes._probes([SECRET])) == list(TRIED)


@pytest.mark.parametrize("name", TRIED)
def test_a_probe_tells_that_it_could_and_not_that_it_could_not(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    call, first = TRIED[name]
    others = [other for other in TRIED if other != name]
    asked: list[Any] = []

    def possible(*args: Any) -> Any:
        asked.append(args)
        if call in DESCRIPTORS:
            return _open(os.devnull, os.O_RDONLY)
        return 1 if call == "os.fork" else SimpleNamespace(close=lambda: None)

    def refused(*args: Any) -> None:
        asked.append(args)
        raise PermissionError

    monkeypatch.setattr("resource.getrlimit", lambda what: (1, 1))
    monkeypatch.setattr(call, possible, raising=False)
    assert probes.succeeded([SECRET], others) == [name]
    monkeypatch.setattr(call, refused, raising=False)
    assert probes.succeeded([SECRET], others) == []
    assert len(asked) == 2
    assert first is None or {args[0] for args in asked} == {first}


@pytest.mark.parametrize("name", [name for name in TRIED if name.startswith("write")])
def test_what_would_write_asks_for_that(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    flags: list[int] = []

    def asked(path: str, how: int) -> int:
        flags.append(how)
        return _open(os.devnull, os.O_RDONLY)

    monkeypatch.setattr(os, "open", asked)
    probes.succeeded([SECRET], [other for other in TRIED if other != name])
    assert flags == [os.O_WRONLY | os.O_CREAT]
