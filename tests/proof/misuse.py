"""Small programs that use asyncio, or Python, in ways that do not work: one way each, and what Pythons say of it differs.

They are judged alike by every Python. What only some Pythons have (a new syntax, a new method) is left out.
"""

from collections.abc import Iterator
from textwrap import indent

from tests.proof.the_course import EXERCISES, PROGRAMS

_HEAD = "import asyncio\n\n\nasync def fetch_both(get, url1, url2):\n"


def programs() -> Iterator[tuple[str, str, bytes]]:
    """The slug of an exercise, the program's name, and its text."""
    for name, body in _read("fetch_both"):
        yield "two-downloads", name, (_HEAD + indent(body, "    ")).encode()
    for exercise in EXERCISES.values():
        for name, text in _read(exercise.module):
            yield exercise.slug, name, text.encode()


def program(name: str) -> tuple[str, bytes]:
    """The slug and the text of the program of that name."""
    slug, _, text = next(one for one in programs() if one[1] == name)
    return slug, text


def _read(name: str) -> Iterator[tuple[str, str]]:
    """Each name with the text below it."""
    path = PROGRAMS / "misused" / f"{name}.txt"
    for part in path.read_text().split("=== ")[1:] if path.exists() else ():
        heading, _, text = part.partition("\n")
        yield heading, text.rstrip("\n") + "\n"
