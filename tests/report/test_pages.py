"""Every page of the report: whole, safe to open, and with links that lead somewhere."""

import base64
import hashlib
import posixpath
import re
from collections.abc import Iterator
from itertools import pairwise

import pytest

from grader.feedback.grades import Column, Grades, Line, grades
from tests.report.conftest import EVIL, NAMES, Files, verdict, written
from tests.report.reader import Reader

SOURCES = {"script": "src", "link": "href", "img": "src", "iframe": "src", "object": "data"}


def pages(files: Files) -> Iterator[tuple[str, Reader]]:
    return ((name, Reader(text)) for name, text in files.items() if name.endswith(".html"))


def test_there_is_a_page_of_every_kind(files: Files) -> None:
    kinds = sorted(re.sub(r"/.*", "/", name) for name in files)
    assert sorted(set(kinds)) == [
        "assets/",
        "exercises/",
        "index.html",
        "late/",
        "learners/",
        "names/",
        "not-marked/",
        "not-placed/",
    ]
    assert (kinds.count("learners/"), kinds.count("exercises/")) == (len(NAMES), 3)


def test_every_tag_that_opens_closes(files: Files) -> None:
    for name, read in pages(files):
        assert read.named("html") == [{"lang": "en"}], name


def test_nothing_from_a_stranger_is_markup(files: Files) -> None:
    text = ""
    for name, read in pages(files):
        assert [one for one in read.named("script") if not (one["src"] or "").endswith(".js")] == []
        assert {tag for tag, _ in read.tags} & {"img", "iframe", "object", "embed", "base", "b"} == set(), name
        assert not [key for _, attributes in read.tags for key in attributes if key.startswith("on")], name
        text += read.text
    assert EVIL in text
    assert "</pre><img src=x onerror=alert(1)>" in text
    assert "ann/<b>.txt" in text


def test_nothing_has_a_style_of_its_own(files: Files) -> None:
    for name, read in pages(files):
        assert not [tag for tag, attributes in read.tags if "style" in attributes], name
        styles = [text for tag, text in read.texts if tag == "style"]
        assert bool(styles) == name.startswith("learners/")


def test_a_page_of_the_class_may_load_files_of_the_report_and_no_others(files: Files) -> None:
    for name, read in pages(files):
        loaded = [attributes[SOURCES[tag]] for tag, attributes in read.tags if tag in SOURCES]
        there = [posixpath.normpath(posixpath.join(posixpath.dirname(name), source or "")) for source in loaded]
        if name.startswith("learners/"):
            assert there == []
            continue
        scripts = ["assets/learners.js", "assets/table.js"] if name == "index.html" else []
        assert there == ["assets/style.css", *scripts]
        assert (
            policy(read)
            == "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'"
        )


def policy(read: Reader) -> str:
    [found] = [one for one in read.named("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    return found["content"] or ""


def test_a_learners_page_may_load_nothing_and_has_the_one_style_that_it_allows(files: Files) -> None:
    for name, read in pages(files):
        if name.startswith("learners/"):
            [style] = [text for tag, text in read.texts if tag == "style"]
            digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
            assert (
                policy(read) == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
            )


def test_style_sheets_load_nothing(files: Files) -> None:
    sheets = [files["assets/style.css"], *(text for name, text in files.items() if name.startswith("learners/"))]
    assert not [sheet for sheet in sheets if "url(" in sheet or "@import" in sheet]


def test_links_lead_to_pages_and_ids_that_are_there_or_to_documentation(files: Files) -> None:
    ids = {name: [found["id"] for _, found in read.tags if "id" in found] for name, read in pages(files)}
    dead = []
    for name, read in pages(files):
        assert len(ids[name]) == len(set(ids[name])), name
        for link in read.links():
            if link.startswith("https://docs.python.org/"):
                continue
            path, _, anchor = link.partition("#")
            there = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            if there not in ids or (anchor and anchor not in ids[there]):
                dead.append((name, link))
    assert dead == []


def test_every_page_can_be_reached_from_the_first_one_without_scripts(files: Files) -> None:
    links = {name: read.links() for name, read in pages(files)}
    seen, waiting = {"index.html"}, ["index.html"]
    while waiting:
        name = waiting.pop()
        for link in links[name]:
            there = posixpath.normpath(posixpath.join(posixpath.dirname(name), link.partition("#")[0]))
            if there in links and there not in seen:
                seen.add(there)
                waiting.append(there)
    assert seen == set(links)


def test_headings_descend_by_one(files: Files) -> None:
    for name, read in pages(files):
        levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1, name
        assert levels.count(1) == 1, name
        assert all(after <= before + 1 for before, after in pairwise(levels)), name


def test_tables_say_what_their_headers_head_and_have_captions(files: Files) -> None:
    for name, read in pages(files):
        assert {head.get("scope") for head in read.named("th")} <= {"col", "row"}, name
        assert len(read.named("caption")) == len(read.named("table")), name


def test_pictures_have_names(files: Files) -> None:
    pictures = [one for _, read in pages(files) for one in read.named("svg") if one.get("aria-hidden") != "true"]
    assert {picture["aria-label"] for picture in pictures} == {
        "What your program did",
        "What this program did",
        "What is possible",
        "Totals of the learners, in percent of all points",
        "Scores in this exercise, in percent",
    }
    assert {picture["role"] for picture in pictures} == {"img"}


def test_the_first_link_skips_to_the_content(files: Files) -> None:
    for _, read in pages(files):
        assert read.named("a")[0] == {"href": "#content", "class": "skip"}
        assert read.named("main") == [{"id": "content", "tabindex": "-1"}]


def test_values_of_hidden_cases_are_nowhere(files: Files) -> None:
    text = "\n".join(files.values())
    assert "zq17" not in text
    assert "ab12&#x27;" not in text
    assert "hidden case drawn: its values are not shown" in text


def test_the_order_of_grading_leaves_no_trace(book: Grades, files: Files) -> None:
    lines = [line for learner in reversed(list(book.each())) for line in reversed(learner.lines)]
    shuffled = grades(book.course, book.columns, reversed(book.learners), lines, book.strays, book.waiting)
    assert written(shuffled) == files


def test_an_empty_class_has_pages_too() -> None:
    files = written(grades("nobody", [], [], []))
    assert "<h1>nobody</h1>" in files["index.html"]
    assert all(read.named("main") for _, read in pages(files))


def test_an_exercise_that_nobody_was_marked_on_has_a_page() -> None:
    failed = [Line("ann", "say-after", "a.py", "ab" * 32, verdict("own-fault"))]
    files = written(grades("c", [Column("say-after", "Say after", 10)], ["ann", "bob"], failed))
    assert "Nothing is marked here." in Reader(files["exercises/say-after.html"]).text


@pytest.mark.parametrize("name", ["\x1b[2J", "\u202eevil", "\ud800"])
def test_what_would_steer_a_terminal_or_turn_the_writing_is_spelled_out_in_names(name: str) -> None:
    line = Line(name, "say-after", name, "", verdict("passed"))
    files = written(grades("c", [Column("say-after", "Say after", 10)], [name], [line]))
    assert not [page for page in files.values() if name in page]
