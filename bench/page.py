"""`docs/performance.md`: a section for each program that measures; each writes its own and leaves the others as they are."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "performance.md"
SECTIONS = (
    "make bench",
    "make bench-clock",
    "make bench-grading",
    "make bench-parts",
    "make bench-adopted",
    "make bench-report",
    "make bench-notebooks",
)  # in the order of the page
_TITLE = "# Performance\n"


@dataclass(frozen=True, slots=True)
class Row:
    """Seconds, or bytes where the unit is MB: ours and what it is compared with; `aim` is empty where none was set."""

    what: str
    against: str
    ours: float
    other: float
    aim: str
    unit: str = "ms"

    def cells(self) -> list[str]:
        shown = [_shown(value, self.unit) for value in (self.ours, self.other)]
        return [self.what, self.against, *shown, _ratio(self.ours / self.other), self.aim]


def _ratio(value: float) -> str:
    """Two digits after the point, or three where the first would be none."""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def _shown(value: float, unit: str) -> str:
    if unit == "MB":
        return f"{value / 2**20:.0f} MB"
    return f"{value:.2f} s" if unit == "s" else f"{value * 1000:.1f} ms"


def markers(section: str) -> tuple[str, str]:
    return f"<!-- written by {section} -->", f"<!-- end of {section} -->"


def parts(text: str) -> dict[str, str]:
    """The sections that stand between markers in `text`."""
    found = {}
    for section in SECTIONS:
        begin, end = markers(section)
        _, there, rest = text.partition(begin)
        if there and end in rest:
            found[section] = rest.partition(end)[0].strip("\n")
    return found


def write(section: str, lines: list[str], page: Path = PAGE) -> None:
    """Put `lines` in the place of what the section had."""
    there = parts(page.read_text(encoding="utf-8")) if page.exists() else {}
    there[section] = "\n".join(lines)
    blocks = [_TITLE]
    for name in SECTIONS:
        if name in there:
            begin, end = markers(name)
            blocks.append(f"{begin}\n\n{there[name]}\n\n{end}\n")
    page.write_text("\n".join(blocks), encoding="utf-8")


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """In Markdown."""
    return [f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows]]
