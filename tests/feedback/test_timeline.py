"""Bars become characters: nothing that happened is invisible, and two timelines share one scale."""

from grader.feedback.svg import pictures
from grader.feedback.timeline import ASCII, BOX, Row, draw, geometry
from grader.verdict import Bar, Timeline


def bar(key: str | int | None, start: float, end: float | None, outcome: str = "ok", line: int | None = None) -> Bar:
    return Bar(operation="get", key=key, start=start, end=end, line=line, outcome=outcome)


def drawn(timeline: Timeline, width: int = 50, keep: int = 16) -> tuple[Row, ...]:
    return draw(timeline, geometry([timeline], width, ASCII, keep), ASCII, keep)


def cells(timeline: Timeline, width: int = 50) -> list[str]:
    return [row.cells for row in drawn(timeline, width) if row.kind is not None]


def test_a_bar_is_as_long_as_its_share_of_the_time() -> None:
    rows = cells(Timeline(bars=(bar("a", 0, 1), bar("b", 1, 4))), 40)
    assert rows == ["|" + "=" * 6 + " " * 18 + "|", "|" + " " * 6 + "=" * 18 + "|"]


def test_what_took_no_time_is_visible() -> None:
    assert [row.strip("|").strip() for row in cells(Timeline(bars=(bar("a", 1, 1), bar("b", 0, 2))))][1] == "*"


def test_what_took_next_to_no_time_takes_a_column() -> None:
    rows = cells(Timeline(bars=(bar("a", 0, 1000), bar("b", 1000 - 0.001, 1000))))
    assert rows[1].endswith(" =|")


def test_all_at_moment_zero_is_drawn_at_the_left_edge() -> None:
    assert cells(Timeline(bars=(bar("a", 0, 0),)))[0].startswith("|* ")


def test_what_never_ended_runs_off_the_edge() -> None:
    rows = drawn(Timeline(bars=(bar("a", 0, None, line=4), bar("b", 0, 2))))
    assert rows[0].cells.endswith("=>|")
    assert rows[0].note == "0 -> ...  line 4, never ended"


def test_what_still_ran_at_the_return_changes_there() -> None:
    rows = drawn(Timeline(bars=(bar("a", 0, 4, "running"),), returned=2))
    assert rows[0].cells == "|" + "=" * 10 + "." * 9 + "|"
    assert rows[0].note.endswith("still running")
    assert rows[1].label == "your function returned at 2 s"


def test_what_began_after_the_return_stands_apart() -> None:
    rows = drawn(Timeline(bars=(bar("a", 0, 2), bar("b", 2, 3, "after")), returned=2))
    assert next(row.label for row in rows if row.kind is None) == "after your function had returned (at 2 s):"
    assert [row.kind for row in rows] == ["ok", None, "after", None]
    assert set(rows[2].cells.strip("|").strip()) == {"."}


def test_a_blocked_stretch_is_named_and_drawn_with_its_own_character() -> None:
    row = drawn(Timeline(bars=(bar("a", 0, 2),), blocked=((0.5, 1.5, "time.sleep", 7),)), 70)[1]
    assert row.label.strip() == "time.sleep"
    assert set(row.cells.strip("|").strip()) == {"#"}
    assert row.note == "0.5 -> 1.5  line 7, the loop stopped"


def test_a_long_timeline_says_what_it_leaves_out() -> None:
    rows = drawn(Timeline(bars=tuple(bar(n, n, n + 2) for n in range(20))), keep=6)
    assert [row.label.strip() for row in rows if row.kind] == [
        "get(0)",
        "get(1)",
        "get(2)",
        "get(3)",
        "get(18)",
        "get(19)",
    ]
    assert rows[4].label == "... 14 more operations between 4 s and 19 s"


def test_what_is_left_out_at_one_moment_is_said_so() -> None:
    rows = drawn(Timeline(bars=tuple(bar(n, 5, 5) for n in range(9))), keep=6)
    assert rows[4].label == "... 3 more operations at 5 s"


def test_what_began_when_a_program_had_been_stopped_is_not_drawn_and_leaves_no_scale_without_bars() -> None:
    stopped = Timeline(bars=(bar("a", 0, 0, "after"),))
    assert drawn(stopped) == ()
    assert "(no operation had started)" in str(pictures([("What your program did", stopped)])[0])
    assert [row.kind for row in drawn(Timeline(bars=(bar("a", 0, None, "running"), bar("b", 9, 9, "after"))))] == [
        "running",
        None,
    ]


def test_a_long_tail_after_the_return_says_what_it_leaves_out() -> None:
    rows = drawn(Timeline(bars=tuple(bar(n, 1, 2, "after") for n in range(9)), returned=0), keep=8)
    assert rows[-2].label == "... 7 more operations between 1 s and 2 s"


def test_names_that_begin_alike_stay_different() -> None:
    keys = [f"https://host.example/a/long/path/{name}" for name in ("one", "two")]
    rows = drawn(Timeline(bars=tuple(bar(key, 0, 1) for key in keys)), 60)
    assert [row.label.strip() for row in rows if row.kind] == ["get(https...ath/one)", "get(https...ath/two)"]


def test_wide_characters_take_two_columns() -> None:
    rows = drawn(Timeline(bars=(bar("你好", 0, 1), bar("abcd", 0, 1))))
    assert [len(row.label) for row in rows if row.kind] == [16, 16]
    timeline = Timeline(bars=(bar("你好", 0, 1), bar("abcd", 0, 1), bar("e\u0301e\u0301", 0, 1)))
    boxed = draw(timeline, geometry([timeline], 50, BOX), BOX)
    assert [row.label for row in boxed if row.kind] == ["get(你好)", "get(abcd)", "get(e\u0301e\u0301)  "]


def test_a_scale_of_no_length_is_zero() -> None:
    row = drawn(Timeline(bars=(bar("a", 0, 0),)))[-1]
    assert (row.cells.strip("-"), row.note) == ("0", "")


def test_two_timelines_share_one_scale() -> None:
    mine, possible = Timeline(bars=(bar("a", 0, 4),)), Timeline(bars=(bar("a", 0, 2),))
    place = geometry([mine, possible], 60, ASCII)
    long, short = draw(mine, place, ASCII)[0], draw(possible, place, ASCII)[0]
    assert long.cells.count("=") == 2 * short.cells.count("=")
    assert draw(mine, place, ASCII)[-1] == draw(possible, place, ASCII)[-1]


def test_a_narrow_place_puts_names_above_bars() -> None:
    timeline = Timeline(bars=(bar("https://a.example/", 0, 1.25, line=123),))
    place = geometry([timeline], 36, ASCII)
    assert place.stacked
    assert draw(timeline, place, ASCII)[0].label == "get(https://a.example/)"


def test_nothing_is_drawn_when_nothing_happened() -> None:
    assert drawn(Timeline(returned=3)) == ()


def test_the_scale_ends_with_the_end_of_everything() -> None:
    assert drawn(Timeline(bars=(bar("a", 0, 13.75),)), 60)[-1].cells == "0---------------5-------------10-----13.75"


def test_a_function_that_raised_did_not_return() -> None:
    left = drawn(Timeline(bars=(bar("a", 0, 4, "running"),), returned=2, raised=True))
    later = drawn(Timeline(bars=(bar("a", 0, 2), bar("b", 2, 3, "after")), returned=2, raised=True))
    assert "your function raised at 2 s" in [row.label for row in left]
    assert "after your function had raised (at 2 s):" in [row.label for row in later]
