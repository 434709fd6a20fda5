"""Records know from which gradebook they are, in either database, and whether it has more now."""

from pathlib import Path

import msgspec
import pytest

from grader.gradebook.by_hand import ByHand, set_score
from grader.gradebook.opening import Gradebook, GradebookError
from grader.gradebook.origin import encoded, is_outdated, origin_of, read_origin
from grader.records import ORIGIN
from tests.gradebook.content import at, give_points, work


def test_another_attempt_or_score_on_these_exercises_makes_them_outdated_and_on_others_not(
    book: Gradebook, place: str, tmp_path: Path
) -> None:
    give_points(book, 4)
    out = tmp_path / "out"
    out.mkdir()
    (out / ORIGIN).write_bytes(encoded(origin_of(book, out, ["say-after"])))
    origin = read_origin(out)
    assert origin is not None
    outdated = [is_outdated(out, origin, place)]
    for slug in ("first-await", "say-after"):
        set_score(book, "ann", slug, ByHand(4.0, "oral", "eve", at(1)), most=10)
        outdated.append(is_outdated(out, origin, None))
    for handed, how in ((work(), True), (work(content="b"), False)):  # graded again, and another attempt
        origin = origin_of(book, out, ["say-after"])
        give_points(book, 5, handed, hour=2, regrade=how)
        outdated.append(is_outdated(out, origin, "other://place"))
    assert outdated == [False, False, True, True, True]


def test_a_time_that_is_put_right_makes_them_outdated_and_a_note_of_before_knows_no_times(
    book: Gradebook, place: str, tmp_path: Path
) -> None:
    """Another run may have named the right time zone, and written its records elsewhere."""
    give_points(book, 4, work(submitted=at(1)))
    origin = origin_of(book, tmp_path, ["say-after"])
    outdated = [is_outdated(tmp_path, origin, place)]
    give_points(book, 4, work(submitted=at(2)))  # the same attempt: all is off by the same
    before = msgspec.structs.replace(origin, held=origin.held[:3])
    outdated += [is_outdated(tmp_path, one, place) for one in (origin, before)]
    assert outdated == [False, True, False]


def test_a_password_is_not_in_the_note_and_comes_from_what_is_said(book: Gradebook, place: str, tmp_path: Path) -> None:
    origin = origin_of(book, tmp_path, ["say-after"])
    if "://" not in place:
        assert origin.place == ""  # it lies beside the records
        return
    secret = place.replace("postgres@", "postgres:secret@")
    hidden = origin_of(Gradebook(book.engine, secret.replace("secret", "***")), tmp_path, ["say-after"])
    assert not is_outdated(tmp_path, hidden, secret)
    gone = place.replace("postgres@/", "postgres@/no_such_")
    with pytest.raises(GradebookError, match="no_such_"):
        is_outdated(tmp_path, origin_of(Gradebook(book.engine, gone), tmp_path, ["say-after"]), None)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]"])
def test_a_note_that_cannot_be_read_says_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ORIGIN).write_bytes(content)
    assert read_origin(tmp_path) is None
