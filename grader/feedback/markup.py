"""Markup built as a tree: text is escaped unless it is markup already, and every tag that opens closes.

So nothing that a learner wrote can become a tag or an attribute, wherever it is put.
"""

import re
from functools import cache, lru_cache
from html import escape

from grader.feedback.characters import visible

_VOID = frozenset({"meta", "br", "hr", "col", "link", "input"})


class Html(str):
    """Text that is markup; made by this module only."""

    __slots__ = ()


Content = str | None
_HARMLESS = re.compile(r"[\w \n.,:;/%()#=*+-]*", re.ASCII).fullmatch  # most texts, and a large class has many


_SHORT = 64  # characters: what is no longer is often the same, a class name or a time


def text(content: str) -> Html:
    """`content` escaped, its control characters spelled out, its lines kept."""
    return _escaped(content) if len(content) > _SHORT else _short(content)


def _escaped(content: str) -> Html:
    if _HARMLESS(content):
        return Html(content)
    return Html("\n".join(escape(visible(line)) for line in content.split("\n")))


_short = lru_cache(maxsize=4096)(_escaped)


def tag(name: str, /, *content: Content, **attributes: str | float | bool | None) -> Html:
    """`<name ...>content</name>`; in attributes `class_` is `class`, `_` is `-`, True needs no value, None goes."""
    opened = f"<{name}{''.join([_attribute(key, value) for key, value in attributes.items()])}>"
    return Html(opened if name in _VOID else f"{opened}{joined(*content)}</{name}>")


def joined(*content: Content) -> Html:
    return Html("".join([part if isinstance(part, Html) else text(part) for part in content if part is not None]))


def _attribute(key: str, value: str | float | bool | None) -> str:
    if isinstance(value, str):
        return f' {_named(key)}="{text(value)}"'
    if value is None or value is False:
        return ""
    if value is True:
        return f" {_named(key)}"
    return f' {_named(key)}="{f"{value:.2f}".rstrip("0").rstrip(".")}"'


@cache
def _named(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def trusted(markup: str) -> Html:
    """Markup of our own, such as the style sheet; never anything from outside."""
    return Html(markup)
