import sys
from types import CodeType

import pytest

from grader.runner import source
from grader.runner.source import compile_source, text_of


def value_of_x(data: bytes) -> object:
    names: dict[str, object] = {}
    code = compile_source(data, "file.py")
    assert isinstance(code, CodeType)
    exec(code, names)
    return names["x"]


@pytest.mark.parametrize(
    "data",
    [
        b"x = 'h\xc3\xa9'\n",
        b"\xef\xbb\xbfx = 'h\xc3\xa9'\n",
        b"# coding: latin-1\nx = 'h\xe9'\n",
        b"\r\nx = 'h\xc3\xa9'\r\n",
        b"\rx = 'h\xc3\xa9'\r",
        b"if 1:\n\tx = 'h\xc3\xa9'",
    ],
)
def test_text_is_taken_as_python_takes_it(data: bytes) -> None:
    assert value_of_x(data) == "hé"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"x = 1\n# jos\xe9\n", 2),
        (b"# jos\xe9\n", 1),
        (b"x = 1\ny = '\0'\n", 2),
        (b"# coding: no-such-thing\nx = 1\n", 1),
        (b"# coding: undefined\nx = 1\n", 1),
        (b"\n# coding: punycode\nx = 1\n", 1),
        (b"\xff\xfex\0", 1),
        (b"x = 1\n\n\nx = (\n", 4),
    ],
)
def test_what_is_no_program_is_a_syntax_error_with_its_line(data: bytes, line: int) -> None:
    with pytest.raises(SyntaxError) as found:
        compile_source(data, "file.py")
    assert (found.value.filename, found.value.lineno) == ("file.py", line)


HALF = b"x = 'h\xc3\xa9'\ndef f():\n    '''First.\n\n    \\ud800'''\n"


def test_half_a_letter_in_a_docstring_is_taken_where_python_takes_it_and_else_told_with_the_line() -> None:
    if sys.version_info < (3, 13):
        assert value_of_x(HALF) == "hé"
        return
    with pytest.raises(SyntaxError, match="a docstring has .ud800, which is half a letter") as found:
        compile_source(HALF, "file.py")
    assert (found.value.filename, found.value.lineno) == ("file.py", 3)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a = 1\n",
        b"a = 1\r\nb = 2\rc\n",
        b"# coding: latin-1\na = 1\n",
        b"# -*- coding: utf-16 -*-\n",
        "a = 'ä'\n".encode(),
        b"\xef\xbb\xbfa = 1\n",
        b"\x0ca\x1a\x00",
        b"no_coding = 'in the third line'",
    ],
)
def test_a_text_is_read_as_python_reads_it_the_short_way_and_the_long(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read() -> object:
        try:
            return text_of(data, "program.py")
        except SyntaxError as error:
            return str(error)

    short = read()
    monkeypatch.setattr(source, "_NOT_PLAIN", (b"",))  # which all have
    assert read() == short
