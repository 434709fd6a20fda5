from grader.feedback.output import LINES, ends


def test_of_many_lines_the_first_and_the_last_are_shown() -> None:
    rows = [f"row {number}" for number in range(2_000)]
    assert ends("\n".join(rows)) == [*rows[:10], "... 1980 more lines", *rows[-10:]]
    assert ends("\n".join(rows[: LINES + 1]))[10] == "... 1 more line"


def test_what_is_short_is_shown_as_it_is() -> None:
    assert ends("a\r\n\tb\n") == ["a", "    b"]
    assert len(ends("x\n" * LINES)) == LINES


def test_of_a_long_line_its_beginning_is_shown() -> None:
    assert ends("\n" + "x" * 70_000) == ["", "x" * 1_000 + "... 69000 more characters"]
    assert ends("\t" * 250) == [" " * 1_000]
