"""Characters: what is seen, and how wide it is."""

import pytest

from grader.feedback import characters
from grader.feedback.characters import columns, distinct, in_ascii, shortened, visible, wrapped


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[2J", r"\x1b[2J"),
        ("a\nb\tc\rd", r"a\nb\tc\rd"),
        ("\x9b31m", r"\x9b31m"),
        ("\u202eevil", r"\u202eevil"),
        ("\u2028", r"\u2028"),
        ("\udc80", r"\udc80"),
        ("café 你好", "café 你好"),
        ("न\u200dय", "न\u200dय"),
    ],
)
def test_control_characters_are_spelled_out(given: str, shown: str) -> None:
    assert visible(given) == shown


def test_a_text_of_which_nothing_is_hidden_is_not_gone_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(characters, "_is_shown", None)
    assert visible("0 → 1.5 s") == "0 → 1.5 s"


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("你好", 4), ("e\u0301", 1), ("한국", 4), ("\uff46", 2), ("👍", 2)]
)
def test_width_counts_columns(text: str, width: int) -> None:
    assert columns(text) == width


def test_ascii_spells_out_the_rest() -> None:
    assert in_ascii("café 你") == r"caf\xe9 \u4f60"


@pytest.mark.parametrize("room", range(4, 20))
def test_shortened_text_fits(room: int) -> None:
    assert columns(shortened("get(你好你好你好你好)", room, "...")) <= room


def test_texts_that_would_look_alike_lose_what_they_share() -> None:
    texts = {name: f"get(https://host/{name}/page/of/the/book)" for name in "ab"}
    assert distinct(texts, 30, "...") == {"a": "get(...a/page/of/the/book)", "b": "get(...b/page/of/the/book)"}


def test_wrapping_breaks_at_spaces() -> None:
    assert wrapped("one two three four", 9) == ["one two", "three", "four"]


def test_wrapping_breaks_a_word_only_if_it_must() -> None:
    assert wrapped("ab abcdefghijk l", 5) == ["ab", "abcde", "fghij", "k l"]


def test_wrapping_counts_columns() -> None:
    assert wrapped("你好你好 ab", 5) == ["你好", "你好", "ab"]


def test_nothing_wraps_to_nothing() -> None:
    assert wrapped(" \n ", 10) == []
