"""What is told of a notebook's cost is what was measured, with the same scores on both sides."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench import notebooks, page

TAKEN = {"plain": [2.0, 1.0, 9.0], "ours": [0.4, 0.5, 0.3], "exercise": [0.5, 0.4, 0.6], "kernel": [3.0, 2.5, 1.0]}


def of_the_page() -> list[page.Row]:
    there = page.parts(page.PAGE.read_text(encoding="utf-8"))[notebooks.SECTION].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in there if " s |" in line]
    return [page.Row(one[0], one[1], float(one[2][:-2]), float(one[3][:-2]), one[5], "s") for one in cells]


def test_the_median_of_all_learners_is_told() -> None:
    assert [row.cells()[2:] for row in notebooks.rows(TAKEN)] == [
        ["0.40 s", "2.00 s", "0.20", "at most 0.33"],
        ["0.50 s", "2.50 s", "0.20", "at most 0.33"],
    ]


def test_of_a_whole_command_its_first_notebook_is_told_with_what_each_further_one_takes() -> None:
    each = page.Row("each", "the same", 0.5, 2.0, "at most 0.33", "s")
    found = notebooks.whole(each, (3.0, 1.0, 4.0))
    assert [row.cells()[2:] for row in found] == [
        ["8.50 s", "26.00 s", "0.33", "at most 0.33"],
        ["6.50 s", "26.00 s", "0.25", "at most 0.33"],
        ["32.50 s", "122.00 s", "0.27", "at most 0.33"],
        ["30.50 s", "122.00 s", "0.25", "at most 0.33"],
    ]


def test_the_page_is_written_as_the_bench_writes_it_now() -> None:
    there = page.parts(page.PAGE.read_text(encoding="utf-8"))[notebooks.SECTION].splitlines()
    fresh = notebooks.section(of_the_page())
    changes = ("|", "Python ")
    assert [one for one in there if not one.startswith(changes)] == [
        one for one in fresh if not one.startswith(changes)
    ]


def test_each_figure_of_the_page_keeps_its_aim_but_that_of_a_class_too_small_for_it() -> None:
    rows = of_the_page()
    assert [row.aim for row in rows] == ["at most 0.33"] * 6
    assert [row.what for row in rows if round(row.ours / row.other, 2) > notebooks.AIM] == [
        "the whole command for 12 of those (reckoned from one)"
    ]


def test_from_what_size_of_a_class_the_aim_is_kept_is_what_its_rows_say() -> None:
    def row(ours: float, other: float) -> page.Row:
        return page.Row("", "", ours, other, "", "s")

    # 4 s and 0.1 s each, against 4 s and 1 s each: 4 + 0.1 n <= 0.33 (4 + n) from n = 11.65 on
    assert notebooks.least_class(row(5.2, 16), row(10, 64)) == 12
    assert notebooks.least_class(row(1.2, 16), row(6, 64)) == 1
    assert notebooks.least_class(row(8.8, 16), row(28, 64)) is None


def test_the_guide_names_the_sizes_that_the_page_has() -> None:
    own, sooner, own_more, sooner_more = of_the_page()[1:5]
    guide = " ".join((page.ROOT / "docs" / "notebooks.md").read_text(encoding="utf-8").split())
    assert f"from a class of {notebooks.least_class(own, own_more)} notebooks on" in guide
    assert f"from one of {notebooks.least_class(sooner, sooner_more)} on" in guide


def test_classes_in_which_somebody_has_other_points_are_not_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebooks, "scores", lambda _: {3.0, 2.0})
    with pytest.raises(SystemExit, match=r"^ours: not everybody has all points: \[2.0, 3.0\]$"):
        notebooks.everybody_has_all_points(tmp_path / "ours")
    monkeypatch.setattr(notebooks, "scores", lambda _: {3.0})
    notebooks.everybody_has_all_points(tmp_path / "ours")


def test_what_a_process_that_is_gone_has_computed_counts() -> None:
    before = notebooks.cpu_of_all()
    subprocess.run([sys.executable, "-c", "import time\nwhile time.process_time() < 0.3: pass"], check=True)
    assert notebooks.cpu_of_all() - before > 0.25
