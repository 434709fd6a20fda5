"""What `signal` asks of a handler: it answers as it did, and tries nothing that fails."""

import functools
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

from grader.clock.clock import Clock
from grader.clock.library import handlers
from grader.clock.surroundings import on


class Handling:
    def handle(self, number: int, frame: FrameType | None) -> None:
        """A handler that is a method."""


def handle(number: int, frame: FrameType | None) -> None:
    """A handler that is a function."""


@pytest.fixture
def as_before() -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("as_before")
@pytest.mark.parametrize(
    "handler",
    [handle, Handling().handle, functools.partial(handle, 1), signal.default_int_handler],
    ids=["function", "method", "partial", "builtin"],
)
def test_a_handler_is_put_up_and_taken_down_without_an_error_inside(handler: Any) -> None:
    errors: list[type[BaseException]] = []

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        if event == "exception":
            errors.append(arg[0])
        return trace

    with on(Clock()):
        sys.settrace(trace)
        try:
            signal.signal(signal.SIGINT, handler)
            found = signal.getsignal(signal.SIGINT)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        finally:
            sys.settrace(None)
    assert found is handler
    assert errors == []


@pytest.mark.parametrize("value", [signal.SIGINT, signal.SIG_IGN, 2, True, "2", 2.0, handle, None, object()])
def test_what_is_a_number_for_signal_is_one_as_ever(value: Any) -> None:
    was: Any = handlers._number_of(value)
    assert (type(handlers._enum_to_int(value)), handlers._enum_to_int(value)) == (type(was), was)
