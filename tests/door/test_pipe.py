"""What is said through the pipe: one line of JSON a message, the same whether Python has its quick writer of it or not."""

import json
import socket
from typing import Any

import pytest

from grader.door import pipe
from grader.door.pipe import Pipe

MESSAGES: list[list[Any]] = [
    ["enter", 0],
    ["begin", 5, 1, 0, "work", [["l", 1, -2.5, True, None], ["d", ["a", 1]], 'quo"te\n', "ä€😀\ud800"], 7],
    ["finish", 1 << 52, "result", ["f", "nan"]],
    ["bye", {"tasks": 0, "lists": [], "a": {"b": [[]]}, "output": "\x00"}],
]


@pytest.mark.parametrize("quick", [True, False])
def test_messages_are_written_as_json_itself_writes_them(quick: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not quick:
        monkeypatch.setattr(pipe, "c_make_encoder", None)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        speaker = Pipe(ours)
        for message in MESSAGES:
            speaker._say(*message)
        speaker._file.flush()
        with theirs.makefile("rb") as heard:
            lines = [heard.readline() for _ in MESSAGES]
    assert lines == [json.dumps(message, separators=(",", ":")).encode() + b"\n" for message in MESSAGES]


def test_a_program_that_replaces_jsons_functions_changes_nothing_of_what_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        speaker = Pipe(ours)
        for owner, name in (
            (json, "dumps"),
            (json, "loads"),
            (json.JSONEncoder, "encode"),
            (json.JSONEncoder, "iterencode"),
        ):
            monkeypatch.setattr(owner, name, lambda *args, **named: "forged")
        theirs.sendall(b"[3,null,[]]\n")
        assert speaker.idle(1, None, 2) == (3, None, [])
        assert theirs.recv(100) == b'["idle",1,null,2]\n'
