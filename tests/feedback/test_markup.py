"""Markup: text is escaped, tags are balanced."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.feedback import markup
from grader.feedback.characters import visible
from grader.feedback.markup import joined, tag, text


def test_text_is_escaped_and_markup_is_not() -> None:
    assert tag("p", "<b>", tag("b", "&")) == "<p>&lt;b&gt;<b>&amp;</b></p>"


def test_attributes_are_escaped() -> None:
    assert tag("a", "x", href='"><script>', aria_label="a\x07") == (
        '<a href="&quot;&gt;&lt;script&gt;" aria-label="a\\x07">x</a>'
    )


def test_attributes_that_are_none_go_and_true_stands_alone() -> None:
    assert tag("details", open=True, id=None) == "<details open></details>"


def test_numbers_are_written_short() -> None:
    assert tag("rect", x=1.0, y=1 / 3) == '<rect x="1" y="0.33"></rect>'


def test_control_characters_are_spelled_out_and_lines_are_kept() -> None:
    assert text("a\x1b\nb") == "a\\x1b\nb"


def test_nothing_is_left_out_but_none() -> None:
    assert joined("a", None, "", "b") == "ab"


@given(st.text(st.one_of(st.characters(), st.sampled_from("<>&\"'\n\r\t`"))))
def test_any_text_is_escaped_and_spelled_out_line_by_line(content: str) -> None:
    assert text(content) == "\n".join(escape(visible(line)) for line in content.split("\n"))


def test_a_number_is_an_attribute_and_markup_in_one_is_text() -> None:
    assert tag("svg", width=12, class_=tag("b")) == '<svg width="12" class="&lt;b&gt;&lt;/b&gt;"></svg>'


def test_a_short_text_is_escaped_once_and_a_long_one_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = list[str]()
    monkeypatch.setattr(markup, "visible", lambda line: seen.append(line) or visible(line))  # type: ignore[func-returns-value]
    short, long = "a seldom text → <1.5 s>", "a seldom text → " * 9
    for content in (short, long, short, long):
        assert tag("p", content, title=content).count("a seldom text") == 2 * content.count("seldom")
    assert (seen.count(short), seen.count(long)) == (1, 4)
