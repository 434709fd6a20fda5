"""Every kind of page as it looks in a browser: light and dark, narrow and wide, on paper and without scripts."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.report.address import page_of
from tests.report.browser import NARROW, SHOTS, WIDE, opened, shown, violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

KINDS = {
    "class": "index.html",
    "exercise": "exercises/say-after.html",
    "learner": f"learners/{page_of('ann')}.html",
    "names": "names/1.html",
    "late": "late/1.html",
}
BOB = f"learners/{page_of('bob')}.html"
# each of light and dark, narrow and wide
MODES = [("light", WIDE), ("dark", NARROW)]
ALL_MODES = [*MODES, ("light", NARROW), ("dark", WIDE)]
# what is wider than the page and not in a frame that scrolls
STICKS_OUT = """() => [...document.querySelectorAll("body *")].filter((one) => {
  const box = one.getBoundingClientRect();
  return box.right > document.documentElement.clientWidth + 0.5 && box.left >= 0 && !one.closest(".scroll, .hidden, .skip");
}).map((one) => `${one.tagName} ${one.textContent.slice(0, 40)}`)"""


@pytest.fixture(scope="module")
def tab(browser: "Browser") -> "Iterator[Page]":
    with opened(browser) as page:
        yield page


@pytest.fixture(scope="module", params=KINDS)
def page(tab: "Page", site: Path, request: pytest.FixtureRequest) -> "Page":
    return shown(tab, site / KINDS[request.param])


def each_mode(page: "Page") -> Iterator[str]:
    """The page light and dark, narrow and wide, one after the other; with pictures in every pair of these."""
    most = page.locator("svg[role=img]").count() > 0
    for scheme, width in ALL_MODES if most else MODES:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        yield f"{scheme}-{width}"


def test_a_screenshot_of_each_is_kept(page: "Page", request: pytest.FixtureRequest) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    kind = request.node.callspec.params["page"]
    kept = [page.screenshot(path=SHOTS / f"{kind}-{mode}.png", full_page=True) for mode in each_mode(page)]
    assert len(set(kept)) == len(kept) >= len(MODES)


def test_nothing_scrolls_sideways_but_tables_in_their_frames(page: "Page") -> None:
    for mode in each_mode(page):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), mode
        assert page.evaluate(STICKS_OUT) == [], mode


def test_axe_finds_nothing(page: "Page") -> None:
    assert {mode: found for mode in each_mode(page) if (found := violations(page))} == {}


def test_what_is_to_be_pressed_is_large_enough_for_a_finger(page: "Page") -> None:
    """24 pixels, as WCAG 2.2 asks for (2.5.8), for what is not in a sentence; 40 for what is made for pressing."""
    page.set_viewport_size({"width": NARROW, "height": 900})
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, input, select")].filter((one) => {
          const box = one.getBoundingClientRect();
          const inline = getComputedStyle(one).display === "inline" && one.closest("p, dd, h2, h3, figcaption, .figures");
          return box.width && !inline && !one.closest(".skip") && box.height < (one.tagName === "A" ? 23.5 : 40);
        }).map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert small == []


# ---------------------------------------------------------------- the layout


def test_on_a_wide_page_totals_stand_beside_misconceptions_and_on_a_narrow_one_above(tab: "Page", site: Path) -> None:
    places = {}
    for width in (NARROW, WIDE):
        page = shown(tab, site / "index.html", width=width)
        boxes = [page.get_by_role("heading", name=name).bounding_box() for name in ("Totals", "Misconceptions")]
        places[width] = [(round(box["x"]), round(box["y"])) for box in boxes if box]
    (left, top), (right, same) = places[WIDE]
    assert left + 400 < right
    assert top == same
    (left, top), (below, lower) = places[NARROW]
    assert left == below
    assert top + 100 < lower


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_theirs_stands_above_what_is_possible_on_the_same_scale(tab: "Page", site: Path, width: int) -> None:
    work = shown(tab, site / BOB, width=width).locator("#say-after")
    yours, possible = (work.get_by_role("img", name=name) for name in ("What your program did", "What is possible"))
    above, below = yours.bounding_box(), possible.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] < below["y"]
    assert (above["x"], above["width"]) == (below["x"], below["width"])
    last = [drawn.locator("rect").last.bounding_box() for drawn in (yours, possible)]
    ends = [round((box["x"] + box["width"] - above["x"]) / above["width"], 2) for box in last if box]
    assert ends == [1, 0.67]  # 3 s and 2 s of 3 s


def test_no_words_of_a_timeline_cover_each_other(tab: "Page", site: Path) -> None:
    covered = """() => [...document.querySelectorAll(".timeline")].flatMap((picture) => {
      const boxes = [...picture.querySelectorAll("text")].map((one) => [one.textContent, one.getBoundingClientRect()]);
      return boxes.flatMap(([said, a], at) => boxes.slice(at + 1).filter(([, b]) =>
        a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 3 && b.top < a.bottom - 3
      ).map(([other]) => `${said} / ${other}`));
    })"""
    for path in (KINDS["learner"], BOB, KINDS["exercise"]):
        page = shown(tab, site / path, width=NARROW)
        assert page.locator(".timeline text").count() > 5
        assert page.evaluate(covered) == []
        page.set_viewport_size({"width": WIDE, "height": 900})
        assert page.evaluate(covered) == []


def test_dark_is_dark(tab: "Page", site: Path) -> None:
    def brightness(scheme: str) -> int:
        page = shown(tab, site / "late" / "1.html", scheme=scheme)
        return sum(map(int, re.findall(r"\d+", page.evaluate("getComputedStyle(document.body).backgroundColor"))))

    assert brightness("light") > 700
    assert brightness("dark") < 100


# ---------------------------------------------------------------- on paper, and without scripts

TO_PRESS = "nav, form, .skip, #turning"  # the heads of the table are buttons, and on paper look like text


@pytest.mark.parametrize("kind", ["class", "exercise", "learner"])
def test_on_paper_there_is_nothing_to_press_and_all_that_there_is_to_read(tab: "Page", site: Path, kind: str) -> None:
    page = shown(tab, site / KINDS[kind], scheme="dark")
    page.emulate_media(media="print")
    assert [one.inner_html() for one in page.locator(TO_PRESS).all() if one.is_visible()] == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    # A4 less the margins; there a frame does not scroll, so all of a table has to fit
    page.set_viewport_size({"width": 680, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert all(heading.is_visible() for heading in page.locator("h1, h2, h3").all())
    # nothing of what is read together is torn apart by the end of a sheet
    parts = "h2, h3, .fault, .work > .quiet:not(.source), .checks dt"
    assert {one.evaluate("(it) => getComputedStyle(it).breakAfter") for one in page.locator(parts).all()} == {"avoid"}
    # and no frame is drawn around the head of what the table is sorted by
    heads = page.locator("th[aria-sort]").all()
    assert [one.evaluate("(it) => getComputedStyle(it).boxShadow") for one in heads] == ["none"] * (kind == "class")
    SHOTS.mkdir(parents=True, exist_ok=True)
    paper = page.pdf(path=SHOTS / f"{kind}.pdf", prefer_css_page_size=True, format="A4")
    assert paper.startswith(b"%PDF-")


def test_without_scripts_every_learner_is_reached_by_links(browser: "Browser", site: Path) -> None:
    with opened(browser, scripts=False) as tab:
        page = shown(tab, site / "index.html")
        assert not page.locator("#controls").is_visible()
        assert not [button for button in page.locator("button").all() if button.is_visible()]
        page.get_by_role("link", name="Learners by name").click()
        assert page.get_by_role("heading", level=1).text_content() == "Learners by name"
        page.get_by_role("link", name="李小龍").click()
        assert page.get_by_role("heading", level=1).text_content() == "李小龍"


def test_a_learners_page_looks_the_same_where_it_stands_alone(tab: "Page", site: Path, tmp_path: Path) -> None:
    given = tmp_path / "for bob.html"
    given.write_bytes((site / BOB).read_bytes())
    first, second = (shown(tab, path).screenshot() for path in (site / BOB, given))
    assert first == second
