"""What every page of the report has around it; a page loads files of the report and nothing else, and runs nothing inline.

A learner's page loads nothing at all: it has its style inside, so that it can be given away alone.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from grader.feedback.markup import Content, Html, joined, tag, trusted

GENERATOR = "asyncio-grader report"
SIGN = f'<meta name="generator" content="{GENERATOR}">'.encode()
SCRIPTS = ("assets/learners.js", "assets/table.js")
_OWN_FILES = "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'"
_FOOTER = "Times are virtual seconds. Values of hidden cases are not shown."


@cache
def asset(name: str) -> str:
    return (Path(__file__).parent / "assets" / name).read_text(encoding="utf-8")


@cache
def style(*names: str) -> str:
    """Style sheets as one, without comments and indentation."""
    whole = re.sub(r"/\*.*?\*/", "", "\n".join(map(asset, names)), flags=re.DOTALL)
    return "\n".join(filter(None, map(str.strip, whole.splitlines())))


def style_of_all() -> str:
    return style("base.css", "feedback.css", "class.css")


def of_the_class(
    title: str, course: str, body: Iterable[Content], *, at: str = "../", here: str = "", scripts: bool = False
) -> bytes:
    """A page for the instructor. `at` leads from it to the report's folder, `here` is its part of the report."""
    head = _head(
        f"{title}: {course}" if title else course,
        _OWN_FILES,
        tag("link", rel="stylesheet", href=f"{at}assets/style.css"),
        *(tag("script", src=at + name, defer=True) for name in SCRIPTS if scripts),
    )
    links = [("index.html", "Class"), ("names/1.html", "Learners by name")]
    nav = [
        tag("a", name, href=at + target, aria_current="page" if name == here else None)
        for target, name in links
        if target != "index.html" or at
    ]
    header = tag(
        "header",
        tag("p", course if title else "Grades", class_="kicker"),
        tag("h1", title or course),
        tag("nav", *nav, aria_label="Report"),
    )
    return _document(head, header, body)


def of_a_learner(title: str, header: Html, body: Iterable[Content]) -> bytes:
    sheet = style("base.css", "feedback.css")
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return _document(_head(title, policy, tag("style", trusted(sheet))), header, body, class_="own")


def _head(title: str, policy: str, *more: Html) -> Html:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="generator", content=GENERATOR),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="robots", content="noindex"),
        tag("title", title),
        *more,
    )


def _document(head: Html, header: Html, body: Iterable[Content], class_: str | None = None) -> bytes:
    page = tag(
        "body",
        tag("a", "Skip to the content", href="#content", class_="skip"),
        header,
        tag("main", *body, id="content", tabindex="-1"),
        tag("footer", tag("p", _FOOTER)),
        class_=class_,
    )
    return f"<!DOCTYPE html>\n{joined(tag('html', head, page, lang='en'))}\n".encode()
