"""The table of the class, driven in a browser by the keyboard: it sorts, searches, turns pages, and has an address for it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import grader.report.learner
from grader.feedback.grades import Column, Grades, Line, Score, grades
from grader.report.overview import AT_ONCE
from grader.report.report import Report
from grader.report.table import shown as address_of
from tests.report.browser import NARROW, SHOTS, opened, shown
from tests.report.conftest import put, verdict

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

COLUMNS = [Column("say-after", "Say after", 10), Column("two-downloads", "Two downloads", 10)]
COUNT = 2 * AT_ONCE + 30


def many() -> Grades:
    """Every third has full marks, every tenth is late; Zoë has a score set by hand, and on Émile's work the grader failed."""
    names = [f"Learner {number:03}" for number in range(COUNT - 3)]
    lines = []
    for number, name in enumerate(names):
        found = verdict("passed" if number % 3 == 0 else "syntax-error")
        late = Score(found.points / 2, "a day late", late=True) if number % 10 == 0 else None
        lines += [Line(name, "say-after", "a.py", "", found, late), Line(name, "two-downloads")]
    lines += [
        Line("Zoë van der Berg", "say-after", "a.py", "", verdict("sequential"), Score(9, "in the lab", by_hand=True)),
        Line("Émile", "say-after", "a.py", "", verdict("own-fault")),
        Line("Li & <b>Lo</b>", "say-after"),
        Line("Li & <b>Lo</b>", "two-downloads"),
    ]
    book = grades("many", COLUMNS, [*names, "Zoë van der Berg", "Émile", "Li & <b>Lo</b>"], lines)
    return replace(book, called={"Learner 005": "Nandi <i>Dlamini</i>"})


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put(many(), tmp_path_factory.mktemp("large"))


@pytest.fixture(scope="module")
def tab(browser: "Browser") -> "Iterator[Page]":
    with opened(browser) as page:
        yield page


@pytest.fixture
def page(tab: "Page", large: Path) -> "Page":
    """The first page, opened anew."""
    return shown(tab, large / "index.html")


def names(page: "Page") -> list[str]:
    return page.locator("table.class tbody th").all_text_contents()


def found(page: "Page") -> str:
    return page.get_by_role("status").last.text_content() or ""


def address(page: "Page") -> str:
    return str(page.evaluate("location.hash"))


def sorts(page: "Page") -> list[str | None]:
    return [head.get_attribute("aria-sort") for head in page.locator("table.class thead th").all()]


def press(page: "Page", *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_it_opens_with_the_first_by_name(page: "Page") -> None:
    assert [names(page)[at] for at in (0, 1, 5, 6)] == ["Émile", "Learner 000", "Learner 004", "Learner 006"]
    assert len(names(page)) == AT_ONCE
    assert found(page) == f"{COUNT} learners"
    assert sorts(page) == ["ascending", None, None, None]
    assert address(page) == ""
    assert page.get_by_text(f"1 to {AT_ONCE} of {COUNT}", exact=True).is_visible()


def test_the_script_draws_the_rows_that_stand_in_the_page(browser: "Browser", page: "Page", large: Path) -> None:
    with opened(browser, scripts=False) as plain:
        before = shown(plain, large / "index.html").locator("table.class tbody").inner_html()
    assert page.locator("table.class tbody").inner_html() == before


@pytest.mark.parametrize(
    ("hash", "said"),
    [
        ("", f"Learners 1 to {AT_ONCE} of {COUNT}"),
        ("#page=3", f"Learners {2 * AT_ONCE + 1} to {COUNT} of {COUNT}"),
        (
            "#search=berg&show=by-hand",
            f"Learners 1 to 1 of 1; of {COUNT} learners in all; a score set by hand; search: berg",
        ),
        ("#search=nobody", f"No learner; of {COUNT} learners in all; search: nobody"),
    ],
)
def test_on_paper_it_is_said_which_learners_these_are(tab: "Page", large: Path, hash: str, said: str) -> None:
    page = shown(tab, large / "index.html", hash=hash)
    paper = page.locator("#paper")
    assert not paper.is_visible()
    page.emulate_media(media="print")
    assert paper.is_visible()
    assert paper.inner_text() == said
    page.emulate_media(media="screen")


def test_on_paper_it_is_said_without_scripts_too_that_there_are_more(
    browser: "Browser", large: Path, site: Path
) -> None:
    with opened(browser, scripts=False) as plain:
        page = shown(plain, large / "index.html")
        page.emulate_media(media="print")
        said = f"Learners 1 to {AT_ONCE} of {COUNT}; all of them stand on the pages of learners by name."
        assert page.locator("#paper").inner_text() == said
        assert not shown(plain, site / "index.html").locator("#paper").is_visible()  # where all are there


def test_searching_finds_all_words_whatever_their_case_and_accents(page: "Page") -> None:
    page.get_by_role("searchbox", name="Search").focus()
    page.keyboard.type("BERG zoe")
    assert names(page) == ["Zoë van der Berg"]
    assert found(page) == f"1 of {COUNT} learners"
    assert address(page) == "#search=BERG+zoe"
    press(page, "Enter")  # which must not leave the page
    assert names(page) == ["Zoë van der Berg"]
    page.keyboard.type("x")
    assert names(page) == []
    assert found(page) == f"none of {COUNT} learners"


def test_who_has_an_id_is_found_by_name(page: "Page") -> None:
    page.get_by_role("searchbox", name="Search").fill("nandi 005")
    assert names(page) == ["Learner 005 Nandi <i>Dlamini</i>"]


def test_a_name_that_is_markup_is_a_name(page: "Page") -> None:
    page.get_by_role("searchbox", name="Search").fill("<b>")
    assert names(page) == ["Li & <b>Lo</b>"]
    assert page.locator("table.class tbody b").count() == 0


def test_heads_sort_by_the_keyboard_points_from_the_highest_and_once_more_the_other_way(page: "Page") -> None:
    page.get_by_role("button", name="Total").focus()
    press(page, "Enter")
    assert sorts(page) == [None, "descending", None, None]
    assert names(page)[0] == "Learner 003"
    assert address(page) == "#sort=total&order=down"
    press(page, "Space")
    assert sorts(page) == [None, "ascending", None, None]
    assert page.evaluate("document.activeElement.textContent").startswith("Total")
    press(page, "Tab", "Enter")
    assert sorts(page) == [None, None, "descending", None]


def test_what_has_no_points_is_last_both_ways(page: "Page") -> None:
    page.get_by_role("searchbox", name="Search").fill("l")
    head = page.get_by_role("button", name="say-after")
    for _ in range(2):
        head.press("Enter")
        press_last_page(page)
        assert names(page)[-1] in ("Émile", "Li & <b>Lo</b>")


def press_last_page(page: "Page") -> None:
    while page.get_by_role("button", name="Next").is_enabled():
        page.get_by_role("button", name="Next").press("Enter")


@pytest.mark.parametrize(
    ("pick", "count", "first"),
    [
        ("late", 23, "Learner 000"),
        ("error", 1, "Émile"),
        ("by-hand", 1, "Zoë van der Berg"),
        ("nothing", 1, "Li & <b>Lo</b>"),
        ("waiting", 2, "Émile"),
        ("say-after: await-await-thought-parallel", 1, "Zoë van der Berg"),
    ],
)
def test_some_learners_only_are_shown(page: "Page", pick: str, count: int, first: str) -> None:
    page.get_by_label("Show").select_option(pick)
    assert (len(names(page)), names(page)[0]) == (count, first)
    assert found(page) == f"{count} of {COUNT} learners"
    assert page.evaluate("document.querySelector('#show').selectedOptions[0].text").endswith(f"({count})")


def test_what_nobody_has_cannot_be_picked(page: "Page") -> None:
    assert "full" not in page.locator("#show option").evaluate_all("all => all.map((one) => one.value)")


def test_pages_turn_and_the_focus_stays_where_it_can_go_on(page: "Page") -> None:
    after = page.get_by_role("button", name="Next")
    after.press("Enter")
    assert address(page) == "#page=2"
    assert page.get_by_text(f"{AT_ONCE + 1} to {2 * AT_ONCE} of {COUNT}", exact=True).is_visible()
    after.press("Enter")
    assert after.is_disabled()
    assert page.evaluate("document.activeElement.id") == "before"
    press(page, "Enter", "Enter")
    assert address(page) == ""
    assert names(page)[0] == "Émile"


def test_an_address_shows_what_it_was_taken_from(tab: "Page", large: Path) -> None:
    page = shown(tab, large / "index.html", hash="#search=learner&show=late&sort=total&order=down")
    assert names(page)[:2] == ["Learner 000", "Learner 030"]
    assert found(page) == f"23 of {COUNT} learners"
    assert page.get_by_role("searchbox", name="Search").input_value() == "learner"
    page.evaluate("location.hash = '#sort=name&order=down&page=3'")
    page.locator("table.class tbody th").first.get_by_text("Learner 029").wait_for()  # 005 stands by another name
    assert sorts(page)[0] == "descending"


def test_an_exercise_page_leads_to_all_who_showed_a_misconception(tab: "Page", large: Path) -> None:
    page = shown(
        tab,
        large / "index.html",
        hash=address_of("say-after", "await-await-thought-parallel").removeprefix("index.html"),
    )
    assert names(page) == ["Zoë van der Berg"]


def test_an_address_that_makes_no_sense_shows_the_class(tab: "Page", large: Path) -> None:
    for hash in ("#sort=nothing&show=x&page=-1", "#page=999", "#=", "#learners", "#order=up&page=1e9"):
        page = shown(tab, large / "index.html", hash=hash)
        assert sorts(page)[0] == "ascending", hash
        assert names(page), hash
    assert names(shown(tab, large / "index.html", hash="#search=%")) == []


def test_who_goes_to_a_learner_and_back_finds_the_table_as_it_was(page: "Page") -> None:
    page.get_by_role("searchbox", name="Search").fill("zoe")
    page.get_by_role("link", name="Zoë van der Berg").click()
    assert page.get_by_role("heading", level=1).text_content() == "Zoë van der Berg"
    page.go_back()
    assert names(page) == ["Zoë van der Berg"]


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(page: "Page") -> None:
    press(page, "Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    assert skip.evaluate("one => one === document.activeElement")
    box = skip.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    press(page, "Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_on_a_telephone_names_stay_while_points_scroll(tab: "Page", large: Path) -> None:
    page = shown(tab, large / "index.html", width=NARROW)
    frame = page.get_by_role("region", name="Points of the class")
    frame.evaluate("one => { one.scrollLeft = 1000 }")
    name = page.locator("table.class tbody th").first.bounding_box()
    assert name is not None
    assert -8 <= name["x"] <= 16
    frame.focus()
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / "table-narrow.png")


def test_ten_thousand_learners_open_at_once(tab: "Page", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what is read and drawn, not by a clock: little markup, few elements, and data of less than a picture's size."""
    everybody = [f"Learner with a Name {number:05}" for number in range(10_000)]
    book = grades("huge", COLUMNS, everybody, (Line(name, column.slug) for name in everybody for column in COLUMNS))
    report = Report(book)
    monkeypatch.setattr(grader.report.learner, "page", lambda book, learner: b"")  # which nobody opens here
    made = [file for learner in book.each() for file in report.of(learner) if not file[0].startswith("learners/")]
    for name, content in [*made, *report.rest()]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    assert (tmp_path / "index.html").stat().st_size < 60_000
    assert (tmp_path / "assets" / "learners.js").stat().st_size < 1_000_000
    assert len(list((tmp_path / "names").iterdir())) == 50
    page = shown(tab, tmp_path / "index.html")
    assert found(page) == "10,000 learners"
    assert page.evaluate("document.querySelectorAll('*').length") < 1800
    page.get_by_role("searchbox", name="Search").fill("09999")
    assert names(page) == ["Learner with a Name 09999"]
    assert page.evaluate("document.querySelectorAll('*').length") < 600
