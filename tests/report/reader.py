"""Reads a page strictly: every tag that opens must close, in order."""

from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "col", "link", "input"}
Attributes = dict[str, str | None]


class Reader(HTMLParser):
    """`text` is all of it, `texts` by the tag that it stands in."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, Attributes]] = []
        self.text = ""
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.open:
            self.texts.append((self.open[-1], data))

    def named(self, tag: str) -> list[Attributes]:
        return [attributes for name, attributes in self.tags if name == tag]

    def of_class(self, name: str) -> list[Attributes]:
        return [found for _, found in self.tags if name in (found.get("class") or "").split()]

    def links(self) -> list[str]:
        return [link["href"] or "" for link in self.named("a")]
