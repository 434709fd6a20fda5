"""Links of a course's pages that lead nowhere."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.authoring.links import dead_links, links
from grader.authoring.upkeep import upkeep
from grader.course.load import load_course

Spoil = Callable[..., Path]
PAGE = """\
[here](README.md) [there](docs/a.md#part) [gone](docs/gone.md) [out](https://example.org/x) [mail](mailto:a@example.org)
`[code](no.md)`
```
[code](no.md)
```
[a name](my%20page.md)
"""


def test_dead_links_of_the_courses_own_pages_are_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(PAGE)
    (tmp_path / "my page.md").write_text("")
    (tmp_path / "docs" / "more").mkdir(parents=True)
    (tmp_path / "docs" / "a.md").write_text("# Part\n[up](../README.md)\n\n[gone](../nothing.md)\n")
    (tmp_path / "docs" / "more" / "b.md").write_text("[gone](b2.md)\n")
    assert [str(problem) for problem in links(load_course())] == [
        "README.md:1: the link 'docs/gone.md' leads nowhere; mend it",
        "docs/a.md:4: the link '../nothing.md' leads nowhere; mend it",
        "docs/more/b.md:1: the link 'b2.md' leads nowhere; mend it",
    ]


def test_dead_links_of_an_exercises_pages_are_told(folder: Path) -> None:
    (folder / "README.md").write_text("[gone](x.md)\n")
    problems = upkeep(load_course().exercises[0])
    assert "exercises/05_two_calls/README.md:1: the link 'x.md' leads nowhere; mend it" in map(str, problems)


def told(page: Path) -> list[str]:
    return [str(problem) for problem in dead_links([page])]


def dead(page: str, line: int, target: str) -> str:
    return f"{page}:{line}: the link {target!r} leads nowhere; mend it"


def test_a_link_by_its_label_is_seen_where_the_label_stands(folder: Path) -> None:
    (folder / "README.md").write_text(
        "See [it][x] and [that][y].\n\n[x]: nothere.md\n[y]: exercise.yaml\n[z]: https://example.org\n"
    )
    page = folder / "README.md"
    assert told(page) == [dead("exercises/05_two_calls/README.md", 3, "nothere.md")]


def test_a_link_with_a_title_or_in_angles_is_a_link(folder: Path) -> None:
    (folder / "README.md").write_text('[a](no.md "A title") [b](<no2.md>) ![c](no3.png)\n')
    page = "exercises/05_two_calls/README.md"
    assert told(folder / "README.md") == [dead(page, 1, name) for name in ("no.md", "no2.md", "no3.png")]


def test_a_heading_that_is_linked_to_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("b.md").write_text(
        "# The `grader` *page*!\n## Twice\n## Twice\n```\n# code\n```\n### ends_in_order, and more #\n<a id='named'></a>\n"
    )
    good = ["the-grader-page", "twice", "twice-1", "ends_in_order-and-more", "named"]
    Path("a.md").write_text("# Here\n[x](#here)\n" + "".join(f"[x](b.md#{name})\n" for name in good))
    assert told(Path("a.md")) == []
    Path("a.md").write_text("# Here\n[x](#there)\n[x](b.md#twice-2)\n[x](b.md#code)\n[x](b.md#the-grader)\n")
    assert told(Path("a.md")) == [
        dead("a.md", 2, "#there"),
        dead("a.md", 3, "b.md#twice-2"),
        dead("a.md", 4, "b.md#code"),
        dead("a.md", 5, "b.md#the-grader"),
    ]


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "CHANGELOG.md"])
def test_every_page_beside_the_course_is_looked_at(page: str, folder: Path, tmp_path: Path) -> None:
    (tmp_path / page).write_text("[gone](gone.md)\n[here](course.yaml)\n")
    assert [str(problem) for problem in links(load_course())] == [dead(page, 1, "gone.md")]


def test_dead_links_in_what_learners_are_told_are_told_with_their_lines(spoil: Spoil) -> None:
    spoil(
        "prompt: Write both.\n",
        "prompt: |\n  Write both.\n\n      call[0](one.md)\n\n  See [it](two.md), and [this](../../course.yaml).\n",
        "hints: [Make a task.]",
        'hints: [Make a task., "Read [this](three.md)."]',
        'docs: ["https://docs.python.org/3/library/asyncio-task.html"]',
        'docs: ["https://docs.python.org/3/", ../../docs/nothere.md, ../../course.yaml]',
    )
    page = "exercises/05_two_calls/exercise.yaml"
    found = [str(problem) for problem in upkeep(load_course().exercises[0])]
    assert found == [
        dead(page, 9, "two.md"),
        dead(page, 39, "three.md"),
        dead(page, 40, "../../docs/nothere.md"),
    ]
