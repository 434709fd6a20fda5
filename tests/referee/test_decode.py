import pytest

from grader.referee import decode
from grader.referee.referee import DoorError


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'["begin"]',
        b'["shout", 1]',
        b'["cancel", 1, 2, 3]',
        b'["cancel", true, 2]',
        b'["cancel", 1.0, 2]',
        b'["cancel", NaN, 2]',
        b'["cancel", -1, 2]',
        b'["cancel", 0, 0]',
        b'["cancel", 1e400, 2]',
        b'["idle", 0, "soon", 1]',
        b'["idle", 0, ' + b"9" * 5_000 + b", 1]",
        b'["call", 0, 1, 0, 7, [], null]',
        b'["call", 0, 1, 0, "m", ' + b"[" * 100_000 + b"]" * 100_000 + b", null]",
        b'["begin", 0, 1, 2, "get", [], 7, [1]]',
        b'["begin", 0, 1, 2, "get", [], 7, [0, 1]]',
        b'["begin", 0, 1, 2, "get", [], 7, [1, null]]',
        b'["begin", 0, 1, 2, "get", [], 7, [true, 1]]',
        b'["call", 0, 1, 2, "get", [], 7, [1, 1, 1]]',
        b'["call", 0, 1, 2, "get", [], 7, [1, 1], 1]',
        b'["finish", 0, "won", null]',
        b'["bye", {"tasks": "many"}]',
        b'["bye", {"first_failure": []}]',
        b"\xff\xfe",
    ],
)
def test_what_is_no_message_is_refused(line: bytes) -> None:
    with pytest.raises(DoorError, match="^not a message: "):
        decode.decode(line)


def test_a_message_is_what_its_name_says() -> None:
    assert decode.decode(b'["idle", 3, null, 9]') == decode.Idle(3, None, 9)
    assert decode.decode(b'["begin", 0, 1, 2, "get", ["a"], 7]') == decode.Begin(0, 1, 2, "get", ["a"], 7)
    assert decode.decode(b'["begin", 0, 1, 2, "get", [], 7, [3, 4]]') == decode.Begin(0, 1, 2, "get", [], 7, (3, 4))
    assert decode.decode(b'["call", 0, 1, 2, "get", [], 7, [null, 4]]') == decode.Call(0, 1, 2, "get", [], 7, (None, 4))
