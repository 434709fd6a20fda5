"""Markup built as a tree: text is escaped unless it is markup already, and every tag that opens closes.

So nothing that a learner wrote can become a tag or an attribute, wherever it is put.
"""

import re
from functools import cache
from html import escape

from grader.feedback.characters import visible

_VOID = frozenset({"meta", "br", "hr", "col", "link", "input"})


class Html(str):
    """Text that is markup; made by this module only."""

    __slots__ = ()


Content = str | None
_HARMLESS = re.compile(r"[\w \n.,:;/%()#=*+-]*", re.ASCII).fullmatch  # most texts, and a large class has many


def text(content: str) -> Html:
    """`content` escaped, its control characters spelled out, its lines kept."""
    if _HARMLESS(content):
        return Html(content)
    return Html("\n".join(escape(visible(line)) for line in content.split("\n")))


def tag(name: str, /, *content: Content, **attributes: str | float | bool | None) -> Html:
    """`<name ...>content</name>`; in attributes `class_` is `class`, `_` is `-`, True needs no value, None goes."""
    opened = f"<{name}{''.join([_attribute(key, value) for key, value in attributes.items()])}>"
    return Html(opened if name in _VOID else f"{opened}{joined(*content)}</{name}>")


def joined(*content: Content) -> Html:
    return Html("".join([part if isinstance(part, Html) else text(part) for part in content if part is not None]))


def _attribute(key: str, value: str | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    if value is True:
        return f" {_named(key)}"
    shown = text(value) if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
    return f' {_named(key)}="{shown}"'


@cache
def _named(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def trusted(markup: str) -> Html:
    """Markup of our own, such as the style sheet; never anything from outside."""
    return Html(markup)
