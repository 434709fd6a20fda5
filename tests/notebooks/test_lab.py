"""A check in a real JupyterLab and in Notebook 7, in Chromium: in their colours; hints one at a time; the interrupt button."""

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.notebooks.a_course import write_course
from tests.notebooks.classroom import plain
from tests.notebooks.foreign import about
from tests.notebooks.lab import PLACES, serving
from tests.report.browser import SHOTS, running

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CELLS = [
    "from grader.notebooks import check",
    "async def together(say, a, b):\n    return [await say(a, 'x'), await say(b, 'y')]",
    "check(together)",
    "import os\n\nasync def together(say, a, b):\n    os.read(os.pipe()[0], 1)\n\nprint('begun')\ncheck(together)",
]
_SECONDS = 60_000
# of what is seen against what lies behind it, as WCAG counts it
CONTRASTS = """() => {
  const part = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const page = numbers(getComputedStyle(document.querySelector(".jp-Notebook")).backgroundColor);
  const seen = (one) => {
    const [r, g, b, a = 1] = numbers(getComputedStyle(one)[one.closest("svg") ? "fill" : "color"]);
    return ratio(light([r, g, b].map((value, at) => value * a + page[at] * (1 - a))), light(page));
  };
  const all = (what) => [...document.querySelectorAll(`.asyncio-grader ${what}`)].map(seen);
  return {words: Math.min(...all("p, code, dd, h3, summary, small, svg text")), bars: Math.min(...all("svg .ok"))};
}"""


IDLE = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"


@pytest.fixture(scope="module", params=PLACES)
def program(request: pytest.FixtureRequest) -> str:
    pytest.importorskip(request.param, reason=f"{request.param} is not installed: pip install -e '.[dev]'")
    return str(request.param)


@pytest.fixture(scope="module")
def lab(program: str, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Page]":
    """The program with a notebook of CELLS open in it, none of them run."""
    course, own = write_course(tmp_path_factory.mktemp("course")), tmp_path_factory.mktemp("jupyter")
    listed: list[dict[str, object]] = [
        {"cell_type": "code", "id": f"c{at}", "metadata": {}, "source": cell, "outputs": [], "execution_count": None}
        for at, cell in enumerate(CELLS)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": listed}
    (course / "mine.ipynb").write_text(json.dumps(book))
    (course / "handed-out.ipynb").write_text(json.dumps(book | {"cells": _handed_out()}))
    with serving(program, course, own) as address, running() as browser:
        page = browser.new_page(viewport={"width": 1200, "height": 1500}, reduced_motion="reduce")
        page.set_default_timeout(_SECONDS)
        page.goto(f"{address}/{PLACES[program]}/mine.ipynb")
        page.locator(".jp-Notebook .jp-Cell").nth(len(CELLS) - 1).wait_for()
        page.wait_for_function(IDLE)
        yield page
        page.close()


def _handed_out() -> list[dict[str, object]]:
    """Of an assignment of nbgrader's, with the learner's work in it."""
    text = "from grader.notebooks import earned\n\nearned('two-waits', 'together', '{}')"
    solution = plain(CELLS[1], "solution") | {"metadata": about("solution", solution=True)}
    tests = [
        plain(text.format(check), check) | {"metadata": about(check, grade=True, locked=True, points=points)}
        for check, points in (("result", 4), ("parallel", 4))
    ]
    return [solution, *tests]


def run(lab: "Page", *cells: int) -> None:
    """Returns when they are over."""
    lab.evaluate(
        """async (cells) => {
          const {shell, commands} = window.jupyterapp;
          for (const at of cells) {
            shell.currentWidget.content.activeCellIndex = at;
            await commands.execute("notebook:run-cell");
          }
        }""",
        list(cells),
    )


def test_a_check_in_a_frontend(lab: "Page", program: str) -> None:
    run(lab, 0, 1, 2)
    shown = lab.locator(".asyncio-grader")
    shown.wait_for()
    assert shown.locator(".points").inner_text() == "4 of 10 points"
    assert "cell 2, line 2" in shown.inner_text()
    box = shown.get_by_role("img", name="What your program did").bounding_box()
    assert box is not None
    assert box["width"] > 300

    hints = [shown.locator("summary", has_text=f"Hint {number} of 3") for number in (1, 2, 3)]
    assert [hint.is_visible() for hint in hints] == [True, False, False]
    hints[0].click()
    assert [hint.is_visible() for hint in hints] == [True, True, False]

    SHOTS.mkdir(parents=True, exist_ok=True)
    kept, found = list[bytes](), dict[str, dict[str, float]]()
    for theme in ("Light", "Dark"):
        lab.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", f"JupyterLab {theme}"
        )
        lab.locator(f'body[data-jp-theme-name="JupyterLab {theme}"]').wait_for(state="attached")
        lab.locator("#jupyterlab-splash").wait_for(state="detached")  # it lies over all while a theme is changed
        found[theme] = lab.evaluate(CONTRASTS)
        kept.append(lab.screenshot(path=SHOTS / f"{program}-{theme.lower()}.png"))
    assert kept[0] != kept[1]
    assert {theme: ratios for theme, ratios in found.items() if ratios["words"] < 4.5 or ratios["bars"] < 3} == {}

    lab.locator(".jp-Notebook .jp-Cell").last.click()
    lab.keyboard.press("Control+Enter")
    output = lab.locator(".jp-Notebook .jp-Cell").last.locator(".jp-OutputArea")
    output.get_by_text("begun").wait_for()
    lab.evaluate("window.jupyterapp.commands.execute('notebook:interrupt-kernel')")
    output.get_by_text(re.compile("KeyboardInterrupt")).first.wait_for()
    lab.wait_for_function(IDLE)


@pytest.mark.parametrize("program", ["jupyterlab"], indirect=True)  # Notebook 7 has the same extension of nbgrader's
def test_nbgraders_own_button_says_why_a_notebook_does_not_pass_yet(lab: "Page") -> None:
    lab.evaluate("window.jupyterapp.commands.execute('docmanager:open', {path: 'handed-out.ipynb'})")
    lab.locator(".jp-ToolbarButtonComponent-label:visible", has_text="Validate").click()
    shown = lab.locator(".jp-Dialog")
    shown.get_by_text("The following cell failed").wait_for()
    said = shown.inner_text()
    lab.screenshot(path=SHOTS / "validate.png")
    shown.get_by_role("button", name="Ok").click()
    assert said.count("The following cell failed") == 1
    assert "two-waits: 4 of 10 points" in said
    assert "together: parallel: 0 of 4 points" in said
    assert "Partial credit" not in said
