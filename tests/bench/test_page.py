from pathlib import Path

from bench import page


def test_each_program_writes_its_own_section_and_leaves_the_other(tmp_path: Path) -> None:
    there = tmp_path / "performance.md"
    page.write("make bench-clock", ["the clock"], there)
    page.write("make bench", ["the grader"], there)
    page.write("make bench-clock", ["the clock, again"], there)
    assert there.read_text() == (
        "# Performance\n\n"
        "<!-- written by make bench -->\n\nthe grader\n\n<!-- end of make bench -->\n\n"
        "<!-- written by make bench-clock -->\n\nthe clock, again\n\n<!-- end of make bench-clock -->\n"
    )


def test_the_page_of_the_project_has_every_section_and_none_that_nothing_writes() -> None:
    assert set(page.parts(page.PAGE.read_text(encoding="utf-8"))) == set(page.SECTIONS)


def test_a_section_without_an_end_is_none() -> None:
    assert page.parts("<!-- written by make bench -->\n\nhalf of it") == {}


def test_a_table_has_a_line_below_its_head() -> None:
    assert page.table(["a", "b"], [["1", "2"]]) == ["| a | b |", "| --- | --- |", "| 1 | 2 |"]


def test_a_row_is_told_in_the_unit_of_its_figures() -> None:
    assert page.Row("a", "b", 0.5, 2.0, "").cells() == ["a", "b", "500.0 ms", "2000.0 ms", "0.25", ""]
    assert page.Row("a", "b", 1.0, 2.0, "1", "s").cells()[2:] == ["1.00 s", "2.00 s", "0.50", "1"]
    assert page.Row("a", "b", 2**20, 2**21, "1", "MB").cells()[2:] == ["1 MB", "2 MB", "0.50", "1"]
