"""Text in a table that a spreadsheet opens: it is shown and never computed, and comes back as it was.

What begins a formula is listed by OWASP under "CSV Injection"; full-width forms, white space in front and Canvas's own
`="..."` count too.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# After apostrophes too: what had one already gets another, so that taking one away gives back what there was.
_COMPUTED = re.compile("'*(?:\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])")
_NUMBER = re.compile(r"\s*[+-]?[0-9]+(?:[.,][0-9]+)?\s*")


def defused(text: str) -> str:
    """`text` as a spreadsheet shows it and never computes it."""
    return f"'{text}" if _COMPUTED.match(text) else text


def undefused(text: str) -> str:
    """What `defused` was given."""
    return text[1:] if text.startswith("'") and _COMPUTED.match(text) else text


def is_number(text: str) -> bool:
    """Whether a cell holds a number: nothing to compute, also where it begins with a sign."""
    return _NUMBER.fullmatch(text) is not None


def number(value: float | None) -> str:
    """At most four decimals and no exponent; empty where there is none."""
    return "" if value is None else f"{round(value, 4) + 0.0:.4f}".rstrip("0").rstrip(".")


def table(rows: Iterable[Sequence[str | float | None]]) -> bytes:
    """CSV with a byte order mark, by which spreadsheets know UTF-8; texts are defused, numbers written as they are."""
    out = io.StringIO()
    csv.writer(out).writerows([_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _cell(cell: str | float | None) -> str:
    return defused(cell) if isinstance(cell, str) else number(cell)


def read_table(content: bytes) -> list[list[str]]:
    """The rows of a table as they were given to `table`, numbers as text."""
    text = content.decode("utf-8-sig")
    return [[undefused(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]
