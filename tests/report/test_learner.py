"""A learner's page: all of theirs, and nothing of anybody else's."""

from dataclasses import replace

import msgspec

from grader.feedback.grades import Column, Grades, Line, Score, grades
from grader.report.address import page_of
from grader.report.learner import page
from grader.verdict import Verdict
from tests.feedback.test_text import one_entry_stopped
from tests.report.conftest import NAMES, Files, verdict
from tests.report.reader import Reader


def read(files: Files, name: str) -> Reader:
    return Reader(files[f"learners/{page_of(name)}.html"])


def alone(found: Verdict | None, score: Score | None = None, weight: float = 1.0, excused: bool = False) -> Reader:
    columns = [Column("say-after", "Say after", 10, weight, excused), Column("two-downloads", "Two downloads", 10)]
    line = Line("ann", "say-after", "ann/a.py" if found else None, "ab" * 32 if found else None, found, score)
    book = grades("c", columns, ["ann"], [line])
    return Reader(page(book, book.of("ann")).decode())


def test_nobody_elses_name_is_on_it(files: Files) -> None:
    for name in NAMES:
        text = read(files, name).text
        for other in set(NAMES) - {name}:
            assert other not in text.replace("=1+1", "").split() or other == "=1+1", (name, other)
            assert other == "=1+1" or f"{other}/" not in text


def test_no_link_leads_to_the_class(files: Files) -> None:
    for name in NAMES:
        assert all(link.startswith(("#", "https://docs.python.org/")) for link in read(files, name).links())


def test_it_says_whose_it_is_and_how_many_points_there_are(files: Files) -> None:
    found = read(files, "bob")
    assert "bob13 of 30 points" in found.text
    assert ("title", "bob: asyncio & friends") in found.texts


def test_behind_an_id_it_says_what_the_learner_is_called(book: Grades) -> None:
    known = replace(book, called={"bob": "Robert <i>", "ann": "Ann Lee"})
    assert "bobRobert <i>13 of 30 points" in Reader(page(known, known.of("bob")).decode()).text
    assert "Ann Lee" not in page(known, known.of("bob")).decode()


def test_theirs_stands_above_what_is_possible() -> None:
    labels = [picture["aria-label"] for picture in alone(verdict("sequential")).named("svg")]
    assert labels == ["What your program did", "What is possible"]


def test_full_marks_need_few_words() -> None:
    found = alone(verdict("passed"))
    assert "Everything that was asked for is there." in found.text
    assert found.named("svg") == []


def test_what_counts_stands_beside_what_was_earned_with_the_reason() -> None:
    late = Score(8, "2 days late: 20 % of 10 points taken off", late=True)
    text = alone(verdict("passed"), late).text
    assert "some points, 10 earned, late8 of 10" in text
    assert "8 points count: 2 days late: 20 % of 10 points taken off. The program itself earned 10." in text


def test_a_score_set_by_hand_shows_as_such_even_where_nothing_was_handed_in() -> None:
    by_hand = Score(6, "set by eve on 2026-03-05: shown in the lab", by_hand=True)
    text = alone(None, by_hand).text
    assert "some points, set by hand6 of 10" in text
    assert "6 points count: set by eve on 2026-03-05: shown in the lab." in text


def test_what_was_not_handed_in_or_not_graded_is_said_and_has_no_section() -> None:
    found = alone(None)
    assert "Say afternot handed in\u2013 of 10" in found.text
    assert "excused" not in found.text
    assert "Two downloadsnot graded yet\u2013 of 10" in found.text
    assert found.links() == ["#content"]


def test_what_could_not_be_graded_is_not_handed_in_with_the_reason_and_no_0() -> None:
    text = alone(None, Score(0, "nothing here could be graded: work.rar (an archive)")).text
    assert "Say afternot handed in\u2013 of 10" in text
    assert "Say after not handed in" in text
    assert "nothing here could be graded: work.rar (an archive)." in text
    assert "0 of 10" not in text
    assert "0 points count" not in text


def test_what_is_excused_is_said_and_how_the_total_comes_about() -> None:
    found = alone(None, excused=True).text
    assert "Say afternot handed in, excused\u2013 of 10" in found
    assert "What is excused is left out: the total is that of the other exercises, out of as many points." in found
    assert "excused" not in alone(verdict("passed"), excused=True).text
    assert "excused" not in alone(None, Score(6, "set by eve", by_hand=True), excused=True).text


def test_a_fault_of_the_graders_is_not_the_learners() -> None:
    found = alone(verdict("own-fault"))
    assert "not marked: the grader failed here\u2013 of 10" in found.text
    assert "This is the grader's own fault, not yours, and costs you nothing." in found.text


def test_where_units_have_weights_the_share_in_the_total_is_shown() -> None:
    assert "In the total" in alone(verdict("passed"), weight=0.5).text
    assert "full marks510 of 10" in alone(verdict("passed"), weight=0.5).text
    assert "In the total" not in alone(verdict("passed")).text


def test_how_it_was_graded_is_said() -> None:
    assert (
        "ann/a.py, sha256 abababababab; played at isolation in-process, grader 0.1.0" in alone(verdict("passed")).text
    )


def test_code_in_an_authors_words_is_code() -> None:
    found = alone(verdict("sequential"))
    assert ("code", "await") in found.texts
    assert "`" not in found.text


def test_an_entry_that_was_stopped_stands_above_the_checks_of_the_one_that_is_shown() -> None:
    shown = alone(one_entry_stopped(verdict("sequential"))).text
    crash = shown.index("in one_after_the_other: your program waits for something that can never come")
    assert crash < shown.index("Not yet right")
    assert shown.count("waits for something that can never come") == 1


def test_a_backtick_alone_stays_one() -> None:
    from grader.report.feedback import prose

    assert prose("`a` and `<b") == "`a` and `&lt;b"
    assert prose("a `<b>` c") == "a <code>&lt;b&gt;</code> c"


def test_the_same_learner_has_the_same_page_whoever_else_is_there(book: Grades, files: Files) -> None:
    of_bob = grades(book.course, book.columns, ["bob"], book.of("bob").lines)
    assert page(of_bob, of_bob.of("bob")).decode() == files[f"learners/{page_of('bob')}.html"]


def test_of_much_that_was_printed_the_ends_stand_there() -> None:
    crash = verdict("crash")
    case = msgspec.structs.replace(crash.cases[0], output="".join(f"row {n}\n" for n in range(2_000)), output_cut=True)
    text = alone(msgspec.structs.replace(crash, cases=(case,))).text
    assert "row 9\n... 1980 more lines\nrow 1990\n" in text
    assert "row 1999\n... and more, which was cut off" in text
    assert "row 10\n" not in text
