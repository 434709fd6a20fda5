"""What is said through the pipe: one line of JSON a message, the same whether Python has its quick writer of it or not."""

import json
import os
import socket
import sys
import threading
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


def test_a_message_that_is_longer_than_any_buffer_is_said_and_heard_whole() -> None:
    ours, theirs = socket.socketpair()
    long = "x" * 1_000_000
    with ours, theirs, theirs.makefile("rb") as heard:
        theirs.sendall(json.dumps({"source": "y" * 100_000}).encode() + b"\n")
        speaker = Pipe(ours)
        assert next(speaker.starts()) == {"source": "y" * 100_000}
        teller = threading.Thread(target=speaker.bye, args=({"output": long},))
        teller.start()
        assert json.loads(heard.readline()) == ["bye", {"output": long}]
        teller.join()


def test_a_case_that_is_told_before_an_answer_is_played_in_its_turn() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        speaker = Pipe(ours)
        theirs.sendall(b'{"entry":"one"}\n{"entry":"two"}\n{"entry":"three"}\n[3,null,[]]\n')
        starts = speaker.starts()
        assert next(starts) == {"entry": "one"}
        assert speaker.idle(1, None, 2) == (3, None, [])
        assert theirs.recv(100)
        theirs.close()
        assert list(starts) == [{"entry": "two"}, {"entry": "three"}]


def test_when_the_other_side_is_gone_there_is_nothing_more_to_play() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        speaker = Pipe(ours)
        theirs.sendall(b'{"entry":"main"}\n')
        theirs.close()
        assert list(speaker.starts()) == [{"entry": "main"}]


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a socket is no file")
def test_between_a_message_and_its_answer_no_socket_and_no_json_asks_in_python() -> None:
    ours, theirs = socket.socketpair()
    called: list[str] = []
    with ours, theirs:
        speaker = Pipe(ours)
        theirs.sendall(b"[3,null,[]]\n")
        sys.setprofile(lambda frame, event, _: called.append(frame.f_code.co_filename) if event == "call" else None)
        try:
            speaker.idle(1, None, 2)
        finally:
            sys.setprofile(None)
    assert pipe.__file__ in called
    assert {socket.__file__, json.decoder.__file__, json.encoder.__file__}.isdisjoint(called)
