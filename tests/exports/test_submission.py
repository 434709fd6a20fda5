"""What a platform says of what it hands over: whose it is, and which attempt."""

import json
from pathlib import Path
from typing import Any

import pytest

from grader.exports.submission import Submitted, read_metadata

ANN = {"email": "ann@x.org", "id": 7, "name": "Ann"}


@pytest.mark.parametrize(
    ("said", "learner", "attempt"),
    [
        ({"users": [ANN]}, "ann@x.org", 1),
        ({"users": [ANN], "previous_submissions": [{"score": "1"}, {"score": "2"}]}, "ann@x.org", 3),
        ({"users": [ANN | {"email": None}]}, "7", 1),
        ({"users": [{"name": "Ann"}]}, "Ann", 1),
        ({"users": [{"email": "zoe@x.org"}, ANN]}, "ann@x.org + zoe@x.org", 1),
        ({"users": [ANN, {"email": "zoe@x.org"}]}, "ann@x.org + zoe@x.org", 1),
        ({"users": []}, None, 1),
        ({"users": {"email": "x"}, "previous_submissions": 3}, None, 1),
        ({"users": [3, None, {"email": True, "name": ["x"]}]}, None, 1),
        ([], None, 1),
    ],
)
def test_the_metadata_say_who_and_which_attempt(said: Any, learner: str | None, attempt: int, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(json.dumps(said))
    assert read_metadata(tmp_path / "m.json") == Submitted(learner, attempt)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b"NaN"])
def test_metadata_that_cannot_be_read_say_nothing(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_bytes(content)
    assert read_metadata(tmp_path / "m.json") == Submitted(None, 1)
    assert read_metadata(tmp_path / "none.json") == Submitted(None, 1)
