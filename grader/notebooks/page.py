"""The feedback as a frontend shows it: in its own colours, light or dark, with the hints folded into each other."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

from grader.feedback.markup import Html, joined, tag, trusted
from grader.feedback.message import Message, compose, more_cases
from grader.report.feedback import feedback, prose
from grader.verdict import Verdict

_ABOUT_CELLS = "The number of a cell is the one in brackets beside it."
# a frontend that does not trust a notebook leaves the words alone of a drawing, which must not run into each other
_WORDS = re.compile("</(?:text|title|desc)>")
# a heading in an output would stand in the notebook's table of contents
_HEADING, _UNLISTED = "<h3>", '<h3 class="jp-toc-ignore">'


def page(verdict: Verdict, files: Mapping[int, str] = {}) -> Html:
    """Markup that needs nothing but itself: no script, no file, no address but the link to what to read.

    `files`: the cells that are files.
    """
    message = compose(verdict)
    told = joined(*feedback(replace(message, hints=())))
    return tag(
        "div",
        tag("style", _style()),
        _head(message),
        trusted(_WORDS.sub(r"\g<0>\n", told).replace(_HEADING, _UNLISTED)),
        tag("p", more) if (more := more_cases(message)) else None,
        _hints(message) if message.status == "failed" else None,
        tag("p", about, class_="quiet") if (about := about_cells(told, files)) else None,
        class_="asyncio-grader",
    )


def about_cells(told: str, files: Mapping[int, str] = {}) -> str:
    """What the numbers of cells in a text are; empty where there are none. `files`: the cells that are files, whose numbers no
    cell has.
    """
    numbers = {int(number) for number in re.findall(r"\bcell (\d+), line \d", told)}
    named = [f"Cell {number} is {name}." for number, name in files.items() if number in numbers]
    return " ".join([_ABOUT_CELLS, *named]) if numbers else ""


@cache
def _style() -> Html:
    return trusted(files(__package__).joinpath("page.css").read_text(encoding="utf-8"))


def _head(message: Message) -> Html:
    exercise = joined(tag("strong", message.exercise), f" {message.title} ")
    if message.status == "error":
        return tag("p", exercise, tag("span", "not marked", class_="points bad"), class_="head")
    points = f"{round(message.points, 2):g} of {round(message.max_points, 2):g} points"
    good = "good" if message.status == "passed" else "some"
    return tag("p", exercise, tag("span", points, class_=f"points {good}"), class_="head")


def _hints(message: Message) -> Html | None:
    """Each holds the next, so that nobody sees one by opening another."""
    inner: Html | None = None
    for number in range(len(message.hints), 0, -1):
        summary = tag("summary", f"Hint {number} of {len(message.hints)}")
        inner = tag("details", summary, tag("p", prose(message.hints[number - 1])), inner)
    return inner
