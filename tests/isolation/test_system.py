"""Calls of the system that are made ready once, up to one that is refused; and a fork that is."""

import ctypes
import errno
import os
import socket
import sys

import pytest

from grader.isolation import system, zygote
from grader.isolation.job import Defences

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux's")
NO_SUCH = 1_000_000  # no option of prctl
_GET_NAME, _SET_NAME = 16, 15


def name() -> bytes:
    found = ctypes.create_string_buffer(16)
    system.make([system.ready("prctl", _GET_NAME, found)])
    return found.value


def test_calls_are_made_again_with_the_same_arguments_and_none_behind_the_first_that_is_refused() -> None:
    before = name()
    named, refused = system.ready("prctl", _SET_NAME, "calls"), system.ready("prctl", NO_SUCH, what="prctl no such")
    back = system.ready("prctl", _SET_NAME, before)
    try:
        for _ in range(2):
            with pytest.raises(system.Refused) as met:
                system.make([named, refused, back])
            assert (met.value.what, met.value.said) == ("prctl", "prctl no such: Invalid argument")
            assert name() == b"calls"
            system.make([back])
            assert name() == before
    finally:
        system.make([back])


def test_a_place_that_is_not_there_is_refused_with_its_name() -> None:
    with pytest.raises(system.Refused, match="mount /nowhere/at/all: ") as met:
        system.make([system.ready("mount", "none", "/nowhere/at/all", "tmpfs", 0, None, what="mount /nowhere/at/all")])
    assert met.value.what == "mount"


def test_a_fork_that_fails_is_told_and_leaves_no_descriptor_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise OSError(errno.EAGAIN, "no more")

    monkeypatch.setattr(os, "fork", refused)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection, inside = socket.socketpair()
    status, reported = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs, connection, status:
        with inside, reported:
            socket.send_fds(ours, [b"{}"], [inside.fileno(), reported.fileno()])
        assert zygote.Zygote(theirs, Defences(None, -1, 0, "", ()))._heard()
        for each in (connection, status):
            each.settimeout(5)
        assert status.recv(100).startswith(b"failed ")
        assert (status.recv(100), connection.recv(100)) == (b"", b"")
