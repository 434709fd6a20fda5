"""Colour on a terminal, only when it was asked for: without it no escape sequence is ever written.

Applied after the layout, so that widths are counted on plain text.
"""

from dataclasses import dataclass
from typing import Literal

Tone = Literal["title", "good", "bad", "note", "bar", "mark", "quiet"]

_CODES: dict[Tone, str] = {
    "title": "1",
    "good": "1;32",
    "bad": "1;31",
    "note": "33",
    "bar": "36",
    "mark": "33",
    "quiet": "2",
}


@dataclass(frozen=True, slots=True)
class Paint:
    """Paints text if `on`; plain text comes back unchanged otherwise."""

    on: bool

    def __call__(self, tone: Tone, text: str) -> str:
        return f"\x1b[{_CODES[tone]}m{text}\x1b[0m" if self.on and text else text
