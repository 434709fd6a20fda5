"""Links of a course's pages that lead nowhere."""

from pathlib import Path

from grader.authoring.upkeep import links, upkeep
from grader.course.load import load_course

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
    (tmp_path / "docs" / "a.md").write_text("[up](../README.md)\n\n[gone](../nothing.md)\n")
    (tmp_path / "docs" / "more" / "b.md").write_text("[gone](b2.md)\n")
    assert [str(problem) for problem in links(load_course())] == [
        "README.md:1: the link 'docs/gone.md' leads nowhere; mend it",
        "docs/a.md:3: the link '../nothing.md' leads nowhere; mend it",
        "docs/more/b.md:1: the link 'b2.md' leads nowhere; mend it",
    ]


def test_dead_links_of_an_exercises_pages_are_told(folder: Path) -> None:
    (folder / "README.md").write_text("[gone](x.md)\n")
    problems = upkeep(load_course().exercises[0])
    assert "exercises/05_two_calls/README.md:1: the link 'x.md' leads nowhere; mend it" in map(str, problems)
