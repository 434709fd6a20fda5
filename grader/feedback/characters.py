"""Text as a terminal shows it: every character is seen and never obeyed, and a width counts columns, not characters.

Whatever comes from a learner's program passes `visible` before it reaches a terminal or a page.
"""

import unicodedata
from collections.abc import Mapping, Sequence

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_JOINERS = "\u200c\u200d"
_HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


def visible(text: str) -> str:
    """`text` on one line, its control characters, escapes and marks that turn the direction of writing spelled out."""
    if text.isprintable():  # then none of it is hidden
        return text
    return "".join(char if _is_shown(char) else _spelled(char) for char in text)


def _is_shown(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char) not in _HIDDEN


def _spelled(char: str) -> str:
    return _NAMED.get(char) or char.encode("unicode_escape").decode("ascii")


def in_ascii(text: str) -> str:
    return text.encode("ascii", "backslashreplace").decode("ascii")


def columns(text: str) -> int:
    """How many columns `text` takes: two for wide characters (UAX 11: W and F), none for combining ones."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf") or "\u1160" <= char <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def head(text: str, room: int) -> str:
    """The longest beginning of `text` that fits into `room` columns."""
    used = 0
    for at, char in enumerate(text):
        used += _columns_of(char)
        if used > room:
            return text[:at]
    return text


def tail(text: str, room: int) -> str:
    used = 0
    for at in range(len(text) - 1, -1, -1):
        used += _columns_of(text[at])
        if used > room:
            return text[at + 1 :].lstrip(_JOINERS)
    return text


def shortened(text: str, room: int, ellipsis: str) -> str:
    """`text` in `room` columns, left out in the middle: names that begin alike differ at their ends."""
    if columns(text) <= room:
        return text
    left = room - columns(ellipsis)
    return head(text, left - left // 2) + ellipsis + tail(text, left // 2)


def cut(text: str, room: int, ellipsis: str) -> str:
    """`text` in `room` columns, without its end if that has to be."""
    return text if columns(text) <= room else head(text, room - columns(ellipsis)).rstrip() + ellipsis


def distinct(texts: Mapping[str, str], room: int, ellipsis: str) -> dict[str, str]:
    """Each text in `room` columns; where that would make two the same, what they begin with in common goes instead."""
    short = {name: shortened(text, room, ellipsis) for name, text in texts.items()}
    if len(set(short.values())) == len(set(texts.values())):
        return short
    common = _common_prefix([text for text in texts.values() if columns(text) > room])
    return {
        name: text if columns(text) <= room else _without_prefix(text, common, room, ellipsis)
        for name, text in texts.items()
    }


def _common_prefix(texts: Sequence[str]) -> int:
    first, last = min(texts), max(texts)
    return next((at for at, char in enumerate(first) if not last.startswith(char, at)), len(first))


def _without_prefix(text: str, common: int, room: int, ellipsis: str) -> str:
    keep = text.find("(", 0, common) + 1
    return head(text[:keep] + ellipsis + text[common:], room)


def padded(text: str, room: int) -> str:
    return text + " " * (room - columns(text))


def wrapped(text: str, room: int) -> list[str]:
    """`text` in lines of at most `room` columns, broken at spaces, and in a word only if it has to be."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if columns(joined) <= room:
            lines[-1] = joined
        else:
            lines += _pieces(word, room)
    return [line for line in lines if line]


def _pieces(word: str, room: int) -> list[str]:
    pieces = []
    while columns(word) > room:
        piece = head(word, room) or word[0]
        pieces.append(piece)
        word = word[len(piece) :]
    return [*pieces, word]
