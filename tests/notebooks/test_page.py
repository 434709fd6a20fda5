"""The feedback as a frontend shows it: complete, in its colours, and safe whatever a program says."""

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from grader.notebooks.page import page
from grader.verdict import decode

VERDICTS = Path(__file__).parents[1] / "feedback" / "verdicts"
KINDS = sorted(file.stem for file in VERDICTS.glob("*.json"))


def shown(kind: str) -> str:
    return page(decode((VERDICTS / f"{kind}.json").read_bytes()))


@pytest.mark.parametrize("kind", KINDS)
def test_every_tag_that_opens_closes_and_nothing_runs_or_is_fetched(kind: str) -> None:
    made = shown(kind)
    opened = re.findall(r"<([a-z0-9]+)[ >]", made)
    assert sorted(opened) == sorted(re.findall(r"</([a-z0-9]+)>", made))
    assert not {"script", "link", "img", "iframe"} & {*opened}
    assert not re.search(r"\b(on\w+|src)=", re.sub(r">[^<]*<", "><", made))


@pytest.mark.parametrize("kind", KINDS)
def test_no_heading_comes_into_the_notebooks_table_of_contents(kind: str) -> None:
    headings = re.findall(r"<h\d[^>]*>", shown(kind))
    assert {*headings} <= {'<h3 class="jp-toc-ignore">'}


def test_where_a_frontend_leaves_the_words_alone_they_stand_apart() -> None:
    made = re.sub(r"<style>.*?</style>", "", shown("sequential"), flags=re.DOTALL)
    picture = made.partition("<svg")[2].partition("</svg>")[0]
    words = re.sub(r"<[^>]*>", "", picture.partition(">")[2]).split("\n")
    assert words[0] == "What your program did"
    assert len(words) > 8
    assert [one for one in words[2:] if one.count("say_after") + one.count(" s") > 1] == []
    assert "together? 5" in re.sub(r"<[^>]*>", "", made)


def test_what_a_program_printed_is_text() -> None:
    assert "<script>" not in shown("markup")
    assert "&lt;" in shown("markup")


def test_full_marks_show_no_hint_and_a_verdict_that_is_none_no_points() -> None:
    assert "<details>" not in shown("passed")
    assert "points good" in shown("passed")
    assert '<span class="points bad">not marked</span>' in shown("own-fault")


def test_what_is_run_when_it_is_marked_is_said_with_full_marks() -> None:
    passed = decode((VERDICTS / "passed.json").read_bytes())
    left_out = [page(replace(passed, hidden_cases_left_out=left)) for left in (10, 1, 0)]
    assert [re.findall(r"<p>([^<]* run when it is marked\.)</p>", one) for one in left_out] == [
        ["10 more cases are run when it is marked."],
        ["1 more case is run when it is marked."],
        [],
    ]


def test_the_values_of_a_hidden_case_are_not_there() -> None:
    assert "its values are not shown" in shown("hidden-case")


def test_all_styles_hold_below_the_feedback_alone() -> None:
    style = re.sub(r"/\*.*?\*/", "", re.findall(r"<style>(.*?)</style>", shown("passed"), re.DOTALL)[0])
    selectors = [one.strip() for rule in re.findall(r"([^{}]+)\{", style) for one in rule.split(",")]
    assert len(selectors) > 30
    assert [one for one in selectors if not one.startswith(".asyncio-grader")] == []
