"""In which line an f-string of several lines cannot be read: Python 3.11 names its last line, later ones another.

The text alone tells, so that it is the same line on every Python; where it does not, it is the line in which the f-string
begins.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from grader.referee.outcome import Failure

_INSIDE = re.compile(
    r"f-string: (?:closing parenthesis|unmatched|single '}'|expecting '}'|empty expression|valid expression required|"
    r"invalid conversion|missing conversion|unterminated)|f-string expression part cannot include"
)
_STOPPED = "unexpected character after line continuation character"
_MAY_BE_INSIDE = re.compile(rf"closing parenthesis|unterminated |{_STOPPED}")  # as later Pythons have it, of any text
_PIECE = re.compile(r"""#[^\n]*|(?P<before>\w*)(?P<quote>'{3}|"{3}|'|")""")
_PLACE = re.compile(r"( \([^()]*\bline )\d+\)\Z")  # with which a SyntaxError ends that was raised
_EMPTY, _CONVERSION = re.compile(r"\{\s*[}!:=]"), re.compile(r"!\s*[sra]\s*[:}]")
_OPENING = {")": "(", "]": "[", "}": "{"}
_NO_END = "unterminated triple-quoted f-string literal"
_FIELD, _FORMAT = "field", "format"  # what is computed within braces; what stands behind its colon


def told_alike(failure: Failure, text: str) -> Failure:
    """With the line that is told on every Python, where it may be one within an f-string of several lines of `text`."""
    inside = _INSIDE.match(failure.message) is not None
    if failure.line is None or not (inside or _MAY_BE_INSIDE.match(failure.message)):
        return failure
    around = [one for one in _of_several_lines(text) if one[0] <= failure.line <= one[0] + one[1].count("\n")]
    for first, body, ends in around:
        if not ends:
            return _moved(failure, _NO_END, first)
        at = _broken(body)
        if at is not None:
            message = _STOPPED if body[at] == "\\" else _PLACE.sub("", failure.message)
            return _moved(failure, message, first + body.count("\n", 0, at))
    return _moved(failure, _PLACE.sub("", failure.message), around[0][0]) if inside and around else failure


def _moved(failure: Failure, message: str, line: int) -> Failure:
    place = _PLACE.search(failure.message)
    return replace(failure, message=f"{message}{place[1]}{line})" if place else message, line=line)


def _of_several_lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Each f-string in three quotes: its first line, what stands between its quotes, and whether it ends."""
    at = 0
    while (found := _PIECE.search(text, at)) is not None:
        at, quote = found.end(), found["quote"]
        if quote is None:
            continue
        start, at = at, _end(text, at, quote)
        if len(quote) == 3 and re.fullmatch(r"[rR]?[fF]|[fF][rR]", found["before"]) and "\n" in text[start:at]:
            yield text.count("\n", 0, found.start()) + 1, text[start:at], text.startswith(quote, at)
        at += len(quote) if text.startswith(quote, at) else 0


def _end(text: str, at: int, quote: str) -> int:
    """Where text in quotes ends that begins at `at`: before the next such quote, or with its line or the file."""
    inner = re.compile(r"\\.|[^\\]" if len(quote) == 3 else r"\\.|[^\\\n]", re.DOTALL)
    while not text.startswith(quote, at) and (found := inner.match(text, at)) is not None:
        at = found.end()
    return at


def _broken(body: str) -> int | None:
    """Where an f-string cannot be read, as far as brackets, quotes and conversions tell."""
    at, opened = 0, list[tuple[str, int]]()
    while at < len(body):
        within = opened[-1][0] if opened else _FORMAT
        found = _of_text(body, at, opened) if within == _FORMAT else _of_code(body, at, opened, within)
        if found is None:
            return at
        at = found
    return opened[0][1] if opened else None


def _of_text(body: str, at: int, opened: list[tuple[str, int]]) -> int | None:
    """Goes on by one sign; None where it cannot stand there."""
    sign = body[at]
    if sign not in "{}":
        return at + 1
    if not opened and body.startswith(sign * 2, at):
        return at + 2
    if sign == "{":
        opened.append((_FIELD, at))
        return None if _EMPTY.match(body, at) else at + 1
    if not opened:
        return None
    del opened[-2:]  # the format, and the field that it is of
    return at + 1


def _of_code(body: str, at: int, opened: list[tuple[str, int]], within: str) -> int | None:
    sign = body[at]
    if sign in "\\#":  # 3.11 has neither within braces, and later ones read no further in such a line
        return None
    if sign in "'\"":
        quote = sign * 3 if body.startswith(sign * 3, at) else sign
        end = _end(body, at + len(quote), quote)
        return end + len(quote) if body.startswith(quote, end) else None
    if sign in "([{":
        opened.append((sign, at))
    elif sign in ")]}":
        if within != _OPENING[sign] and not (sign == "}" and within == _FIELD):
            return None
        opened.pop()
    elif within == _FIELD and sign == ":":
        opened.append((_FORMAT, at))
    elif within == _FIELD and sign == "!" and not body.startswith("!=", at) and not _CONVERSION.match(body, at):
        return None
    return at + 1
