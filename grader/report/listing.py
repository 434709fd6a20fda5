"""A long list as pages with numbers, written as it grows: a page is full before the next one is begun."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from grader.feedback.markup import Content, Html, tag
from grader.report.shell import of_the_class

AT_ONCE = 200
Draw = Callable[[Sequence[Html]], Content]
File = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a list is: its folder, its title, a sentence about it, and how its rows become a table."""

    folder: str
    title: str
    about: str
    draw: Draw


class Listing:
    """`links`, where the pages are known before, are put on each of them; else each leads to its neighbours."""

    def __init__(self, kind: Kind, course: str, links: Sequence[tuple[str, str]] = ()):
        self.kind, self._course, self._links = kind, course, links
        self.count = 0
        self._page = 1
        self._rows: list[Html] = []

    def add(self, row: Html) -> Iterator[File]:
        """The page before, once it is known not to be the last."""
        if len(self._rows) == AT_ONCE:
            yield self._written(last=False)
            self._page, self._rows = self._page + 1, []
        self._rows.append(row)
        self.count += 1

    def rest(self) -> Iterator[File]:
        if self._rows or self._page == 1:
            yield self._written(last=True)

    def _written(self, *, last: bool) -> File:
        number = f", page {self._page}" if self._page > 1 or not last else ""
        body = [
            tag("p", self.kind.about, class_="quiet") if self.kind.about else None,
            pages(self._links, self._page) if len(self._links) > 1 else None,
            self.kind.draw(self._rows) if self._rows else tag("p", "Nobody."),
            self._neighbours(last),
        ]
        page = of_the_class(f"{self.kind.title}{number}", self._course, body, here=self.kind.title)
        return f"{self.kind.folder}/{self._page}.html", page

    def _neighbours(self, last: bool) -> Html | None:
        if last and self._page == 1:
            return None
        before = tag("a", "Page before", href=f"{self._page - 1}.html", rel="prev") if self._page > 1 else None
        after = None if last else tag("a", "Next page", href=f"{self._page + 1}.html", rel="next")
        return tag("nav", before, after, class_="pages", aria_label="Neighbouring pages")


def pages(links: Sequence[tuple[str, str]], here: int = 0) -> Html:
    """Links to all pages of a list, by what is on them."""
    items = (
        tag("li", tag("a", said, href=href, aria_current="page" if at == here else None))
        for at, (href, said) in enumerate(links, 1)
    )
    return tag("nav", tag("ol", *items, class_="pages"), aria_label="Pages by name")


def by_name(learners: Sequence[str], at: str = "") -> list[tuple[str, str]]:
    """Addresses of the pages of a list of `learners`, each with the first and the last that is on it."""
    found = []
    for number, first in enumerate(range(0, len(learners), AT_ONCE), 1):
        some = learners[first : first + AT_ONCE]
        found.append((f"{at}{number}.html", f"{_short(some[0])} – {_short(some[-1])}"))  # noqa: RUF001
    return found


def _short(name: str) -> str:
    return name if len(name) <= 18 else name[:17].rstrip() + "…"
