"""Keys of a terminal, and the terminal as it was found, on every way out."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from grader.watch.keys import REDRAW, NoKeys, keyboard

if sys.platform == "win32":
    pytest.skip("a console of Windows has no such modes", allow_module_level=True)

import pty
import termios

from grader.watch.keys import Terminal

SHOWN = termios.ICANON | termios.ECHO


@pytest.fixture
def line() -> Iterator[tuple[int, int]]:
    """The learner's end of a terminal, and ours."""
    ends = pty.openpty()
    yield ends
    for end in ends:
        with suppress(OSError):  # a test closed it
            os.close(end)


def modes(descriptor: int) -> int:
    flags: int = termios.tcgetattr(descriptor)[3]
    return flags & SHOWN


def test_keys_come_one_by_one_without_enter_and_are_not_shown(line: tuple[int, int]) -> None:
    theirs, ours = line
    with Terminal(ours) as keys:
        assert keys.wait(0) == ""
        assert modes(ours) == 0
        os.write(theirs, "hé\r".encode())
        assert [keys.wait(5) for _ in range(3)] == ["h", "é", "\n"]  # the terminal makes one of a return
        assert keys.wait(0) == ""


@pytest.mark.parametrize("arrow", [b"\x1b[A", b"\x1bOQ", b"\x1b[3~"])
def test_an_arrow_is_no_letter(line: tuple[int, int], arrow: bytes) -> None:
    theirs, ours = line
    with Terminal(ours) as keys:
        keys.wait(0)
        os.write(theirs, arrow)
        assert keys.wait(5) == ""


@pytest.mark.parametrize("error", [None, RuntimeError, KeyboardInterrupt, SystemExit])
def test_the_terminal_is_put_back_whatever_ends_it(line: tuple[int, int], error: type[BaseException] | None) -> None:
    _, ours = line
    before = termios.tcgetattr(ours)
    with suppress(*([error] if error else [])), Terminal(ours) as keys:
        keys.wait(0)
        assert modes(ours) == 0
        if error is not None:
            raise error
    assert termios.tcgetattr(ours) == before


def test_a_terminal_that_is_gone_has_no_keys_any_more(line: tuple[int, int]) -> None:
    theirs, ours = line
    with Terminal(ours) as keys:
        keys.wait(0)
        os.close(theirs)
        assert [keys.wait(0) for _ in range(3)] == ["", "", ""]
        assert not keys.there


def test_who_is_suspended_leaves_the_terminal_as_it_was_and_takes_it_again(
    line: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, ours = line
    meanwhile = list[int]()

    def stopped(process: int, number: int) -> None:
        assert (process, number, signal.getsignal(number)) == (os.getpid(), signal.SIGTSTP, signal.SIG_DFL)
        meanwhile.append(modes(ours))
        signal.raise_signal(signal.SIGCONT)

    monkeypatch.setattr("grader.watch.keys.os.kill", stopped)
    handlers = [signal.getsignal(number) for number in (signal.SIGTSTP, signal.SIGCONT)]
    with Terminal(ours) as keys:
        keys.wait(0)
        signal.raise_signal(signal.SIGTSTP)
        assert meanwhile == [SHOWN]
        assert keys.wait(0) == REDRAW
        assert modes(ours) == 0
        signal.raise_signal(signal.SIGTSTP)  # and once more
        assert keys.wait(0) == REDRAW
    assert modes(ours) == SHOWN
    assert [signal.getsignal(number) for number in (signal.SIGTSTP, signal.SIGCONT)] == handlers


def test_who_was_stopped_from_outside_takes_it_again_and_puts_back_what_was_at_first(line: tuple[int, int]) -> None:
    _, ours = line
    with Terminal(ours) as keys:
        keys.wait(0)
        signal.raise_signal(signal.SIGCONT)
        assert keys.wait(0) == REDRAW
    assert modes(ours) == SHOWN


def test_in_the_background_the_terminal_is_left_alone(line: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    theirs, ours = line
    monkeypatch.setattr("grader.watch.keys.os.tcgetpgrp", lambda descriptor: os.getpgrp() + 1)
    with Terminal(ours) as keys:
        os.write(theirs, b"q\n")
        assert keys.wait(0) == ""
        assert modes(ours) == SHOWN
        monkeypatch.setattr("grader.watch.keys.os.tcgetpgrp", lambda descriptor: os.getpgrp())
        keys.wait(0)
        assert modes(ours) == 0
        monkeypatch.setattr("grader.watch.keys.os.tcgetpgrp", lambda descriptor: os.getpgrp() + 1)
    assert modes(ours) == 0  # who has it now has set it, or will


# ---------------------------------------------------------------- standard input


class Input:
    def __init__(self, descriptor: int | None):
        self.descriptor = descriptor

    def isatty(self) -> bool:
        return self.descriptor is not None

    def fileno(self) -> int:
        assert self.descriptor is not None
        return self.descriptor


@pytest.mark.parametrize("none", [None, Input(None)])
def test_without_a_terminal_there_are_no_keys(none: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", none)
    with keyboard() as keys:
        assert isinstance(keys, NoKeys)
        assert (keys.there, keys.wait(0)) == (False, "")


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_that_ends_it_ends_it_in_order(
    name: str, code: int, line: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = getattr(signal, name)
    monkeypatch.setattr(sys, "stdin", Input(line[1]))
    before = signal.getsignal(number)

    def watch() -> None:
        with keyboard() as keys:
            keys.wait(0)
            assert modes(line[1]) == 0
            signal.raise_signal(number)

    with pytest.raises(SystemExit) as ended:
        watch()
    assert (ended.value.code, modes(line[1])) == (code, SHOWN)
    assert signal.getsignal(number) is before


def test_a_signal_that_was_to_be_ignored_still_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with keyboard():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)
