"""A timeline as a picture."""

from xml.etree import ElementTree

from grader.feedback.svg import pictures
from grader.verdict import Bar, Timeline

SPACE = "{http://www.w3.org/2000/svg}"


def bar(key: str, start: float, end: float | None, outcome: str = "ok") -> Bar:
    return Bar(operation="get", key=key, start=start, end=end, line=3, outcome=outcome)


def tree(timeline: Timeline) -> ElementTree.Element:
    return ElementTree.fromstring(pictures([("What this program did", timeline)])[0])


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
        [float(rect.attrib["width"]) for rect in ElementTree.fromstring(picture).iter("rect")]
        for picture in (long, short)
    ]
    assert widths == [[380.0], [190.0]]


def test_what_took_no_time_is_visible_inside_the_track() -> None:
    rects = list(tree(Timeline(bars=(bar("a", 2, 2), bar("b", 0, 2)))).iter("rect"))
    ends = [float(rect.attrib["x"]) + float(rect.attrib["width"]) for rect in rects]
    assert float(rects[1].attrib["width"]) == 3.0
    assert ends[0] == ends[1]


def test_what_still_ran_is_split_at_the_return() -> None:
    kinds = [rect.get("class") for rect in tree(Timeline(bars=(bar("a", 0, 4, "running"),), returned=1)).iter("rect")]
    assert kinds == ["span ok", "span after"]


def test_an_empty_one_says_so() -> None:
    assert pictures([("x", Timeline())]) == ('<p class="quiet">(no operation had started)</p>',)
