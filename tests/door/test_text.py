"""Bytes as text: which encodings are read, and that none is whose cost outgrows the file."""

import codecs
import encodings
import pkgutil

import pytest

from grader.checks import Source
from grader.door.text import READ, decoded
from grader.runner.source import text_of

NOT_FOR_PROGRAMS = (
    "charmap", "idna", "punycode", "raw_unicode_escape", "rot13", "undefined", "unicode_escape", "utf-16", "utf-32",
)  # fmt: skip


@pytest.mark.parametrize("encoding", NOT_FOR_PROGRAMS)
def test_an_encoding_in_which_no_program_is_read_is_refused_on_both_sides_before_anything_is_decoded(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = f"# coding: {encoding}\nx = 1\n".encode()

    def never(*_: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr("grader.door.text.io.TextIOWrapper", never)
    error = Source.read(data, "file.py").error
    assert error is not None
    assert (error.type, error.line) == ("UnknownEncoding", 1)
    with pytest.raises(SyntaxError) as found:
        text_of(data, "file.py")
    assert found.value.lineno == 1


@pytest.mark.parametrize("encoding", sorted(READ))
def test_every_encoding_that_is_read_is_told_by_its_own_name(encoding: str) -> None:
    assert codecs.lookup(encoding).name == encoding
    text = f"# coding: {encoding}\nx = 1\n"
    assert decoded(text.encode("ascii")) == text


def test_python_has_no_other_encoding_for_programs() -> None:
    found = set[str]()
    for module in pkgutil.iter_modules(encodings.__path__):
        try:
            if b"# a = 1".decode(module.name) == "# a = 1":
                found.add(codecs.lookup(module.name).name)
        except (LookupError, UnicodeError):  # what is for no texts, or on Windows alone
            continue
    assert found - READ == {"charmap", "idna", "raw-unicode-escape", "unicode-escape"}
