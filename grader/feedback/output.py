"""What a program printed, as much of it as is read: its first and last lines, and of a long line its beginning.

All of it stands in the verdict.
"""

from collections.abc import Sequence

LINES = 20
_LONGEST = 1_000  # characters of a line


def ends(output: str) -> Sequence[str]:
    """At most LINES lines and one that counts the others."""
    lines = output.replace("\r\n", "\n").removesuffix("\n").split("\n")
    half, left = LINES // 2, len(lines) - LINES
    if left > 0:
        return [*map(_cut, lines[:half]), f"... {left} more line{'s' if left > 1 else ''}", *map(_cut, lines[-half:])]
    return [_cut(line) for line in lines]


def _cut(line: str) -> str:
    """Spread out before it is measured: a tab is up to four characters."""
    left = len(line := line.expandtabs(4)) - _LONGEST
    return f"{line[:_LONGEST]}... {left} more character{'s' if left > 1 else ''}" if left > 0 else line
