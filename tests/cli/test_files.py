"""What a command writes is there whole, in folders that are made for it, or the reason is said."""

from pathlib import Path

import pytest

from grader.cli.files import put
from grader.errors import UsageError


def test_folders_are_made_for_a_file(tmp_path: Path) -> None:
    put(tmp_path / "a" / "b" / "file", b"content", "another")
    assert (tmp_path / "a" / "b" / "file").read_bytes() == b"content"


def test_what_cannot_be_written_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "below"
    with pytest.raises(UsageError) as refused:
        put(place, b"content", "another with --out")
    assert str(refused.value) == f"{place}: cannot be written (Not a directory); name another with --out"
