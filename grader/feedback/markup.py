"""Markup built as a tree: text is escaped unless it is markup already, and every tag that opens closes.

So nothing that a learner wrote can become a tag or an attribute, wherever it is put.
"""

from html import escape

from grader.feedback.characters import visible

_VOID = frozenset({"meta", "br", "hr", "col", "link", "input"})


class Html(str):
    """Text that is markup; made by this module only."""

    __slots__ = ()


Content = str | None


def text(content: str) -> Html:
    """`content` escaped, its control characters spelled out, its lines kept."""
    return Html("\n".join(escape(visible(line)) for line in content.split("\n")))


def tag(name: str, /, *content: Content, **attributes: str | float | bool | None) -> Html:
    """`<name ...>content</name>`; in attributes `class_` is `class`, `_` is `-`, True needs no value, None goes."""
    opened = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    return Html(opened if name in _VOID else f"{opened}{joined(*content)}</{name}>")


def joined(*content: Content) -> Html:
    return Html("".join(part if isinstance(part, Html) else text(part) for part in content if part is not None))


def _attribute(key: str, value: str | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    shown = value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
    return f' {name}="{text(shown)}"'


def trusted(markup: str) -> Html:
    """Markup of our own, such as the style sheet; never anything from outside."""
    return Html(markup)
