"""A timeline as a picture."""

from xml.etree import ElementTree

import pytest

from grader.feedback import svg
from grader.feedback.spans import abridged
from grader.feedback.svg import pictures
from grader.verdict import Bar, Timeline

SPACE = "{http://www.w3.org/2000/svg}"


def bar(key: str, start: float, end: float | None, outcome: str = "ok") -> Bar:
    return Bar(operation="get", key=key, start=start, end=end, line=3, outcome=outcome)


def tree(timeline: Timeline) -> ElementTree.Element:
    return ElementTree.fromstring(pictures([("What this program did", timeline)])[0])


def percent(text: str) -> float:
    assert text.endswith("%")
    return float(text[:-1])


def test_it_has_a_name_and_says_its_bars_in_words() -> None:
    root = tree(Timeline(bars=(bar("a", 0, 1), bar("b", 1, 3, "error"))))
    assert root.findtext("title") == "What this program did"
    assert root.findtext("desc") == "get(a): 0 → 1  line 3; get(b): 1 → 3  line 3, failed"
    assert root.get("role") == "img"


def test_what_a_learner_chose_is_text() -> None:
    [picture] = pictures([("x", Timeline(bars=(bar("</text><script>alert(1)</script>", 0, 1),)))])
    assert "<script" not in picture
    assert "&lt;script&gt;" in picture


def test_two_pictures_share_a_scale() -> None:
    long, short = pictures([("a", Timeline(bars=(bar("a", 0, 4),))), ("b", Timeline(bars=(bar("a", 0, 2),)))])
    widths = [
        [rect.attrib["width"] for rect in ElementTree.fromstring(picture).iter("rect")] for picture in (long, short)
    ]
    assert widths == [["100%"], ["50%"]]


def test_what_took_no_time_is_visible_inside_the_track() -> None:
    rects = list(tree(Timeline(bars=(bar("a", 2, 2), bar("b", 0, 2)))).iter("rect"))
    ends = [percent(rect.attrib["x"]) + percent(rect.attrib["width"]) for rect in rects]
    assert rects[1].attrib["width"] == "0.8%"
    assert ends[0] == ends[1] == 100


def test_what_still_ran_is_split_at_the_return() -> None:
    kinds = [rect.get("class") for rect in tree(Timeline(bars=(bar("a", 0, 4, "running"),), returned=1)).iter("rect")]
    assert kinds == ["span ok", "span after"]


def test_an_empty_one_says_so() -> None:
    assert pictures([("x", Timeline())]) == ('<p class="quiet">(no operation had started)</p>',)


def test_it_is_as_wide_as_the_page_lets_it_be() -> None:
    root = tree(Timeline(bars=(bar("a", 0, 1), bar("b", 1, 3))))
    assert (root.get("width"), root.get("viewBox")) == ("100%", None)
    along = [one.attrib[name] for one in root.iter() for name in ("x", "x1", "x2") if name in one.attrib]
    assert {place for place in along if not place.endswith("%")} == {"0"}


def heights(timeline: Timeline) -> list[float]:
    """Where the texts of the rows stand: name, note, name, note."""
    root = tree(timeline)
    return [float(text.attrib["y"]) for text in root.iter("text") if text.get("class") in ("label", "note")]


def test_names_and_notes_that_fit_on_a_telephone_stand_side_by_side() -> None:
    name, note = heights(Timeline(bars=(bar("a" * 15, 0, 1),)))
    assert name == note


def test_a_long_name_stands_above_its_note() -> None:
    name, note, other, its_note = heights(
        Timeline(bars=(bar("a" * 25, 0, 1.125, "running"), bar("b", 1.125, 2, "running")))
    )
    assert note - name == its_note - other == 18


@pytest.mark.parametrize(("outcome", "said"), [("running", ["your function returned at 1 s"]), ("ok", [])])
def test_where_something_still_ran_at_the_return_it_is_said_when_that_was(outcome: str, said: list[str]) -> None:
    root = tree(Timeline(bars=(bar("a", 0, 4, outcome),), returned=1))
    assert [text.text for text in root.iter("text") if text.get("class") == "remark"] == said


def test_what_is_drawn_of_a_timeline_is_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, marks = list[Timeline](), list[object]()
    monkeypatch.setattr(svg, "abridged", lambda timeline, keep: seen.append(timeline) or abridged(timeline, keep))  # type: ignore[func-returns-value]
    monkeypatch.setattr(svg, "scale_marks", lambda until, most: marks.append(until) or [0.0, 1.0])  # type: ignore[func-returns-value]
    timelines = [Timeline(bars=(bar("a", 0, 4),)), Timeline(bars=(bar("a", 0, 2),))]
    pictures([("one", timelines[0]), ("other", timelines[1])])
    assert seen == timelines
    assert marks == [4]
