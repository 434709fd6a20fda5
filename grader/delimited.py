"""Tables as people and programs save them: UTF-8 or UTF-16, with a byte order mark or none, and any of the usual separators."""

import csv
import re
from collections.abc import Callable, Sequence

DELIMITERS = ",;\t|"
_SEPARATOR = re.compile(r"\A\"?sep=[^\r\n]\"?[,;\t|]*(?=[\r\n])", re.IGNORECASE)
_HEAD = 10_000  # characters of a first line that are looked at


def text_of(data: bytes) -> str:
    """A first line that only names the separator (`sep=;`) is blank. Raises UnicodeDecodeError for what is neither."""
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    return _SEPARATOR.sub("", text, count=1)


def delimiter_of(text: str, known: Callable[[Sequence[str]], int]) -> str:
    """The one by which most of the first line's columns are `known`, and then the one that stands there most often."""
    head = re.split("[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0][:_HEAD]  # old programs end a line with \r alone

    def fits(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([head], delimiter=delimiter), [])
        return known(cells), len(cells)

    return max(DELIMITERS, key=fits)
