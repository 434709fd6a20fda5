"""What a learner is told, before it is drawn."""

from collections.abc import Callable

import msgspec

from grader.feedback.message import compose
from grader.verdict import Verdict

Named = Callable[[str], Verdict]


def test_a_check_is_told_once_with_how_many_cases_it_concerns(verdict: Named) -> None:
    told = [(item.ids, item.failed, item.cases) for item in compose(verdict("sequential")).not_yet]
    assert told == [(("parallel",), 2, 2), (("time",), 2, 2)]


def test_what_is_quoted_was_observed_in_the_case_that_is_shown(verdict: Named) -> None:
    message = compose(verdict("sequential"))
    assert (message.entry, message.case) == ("together", "as-documented")
    assert message.not_yet[0].rationale.startswith("say_after(hello) ended at 1 s")


def test_a_checks_advice_gives_way_to_the_likely_reason(verdict: Named) -> None:
    explained = verdict("sequential")
    assert compose(explained).not_yet[0].help == ""
    bare = msgspec.structs.replace(explained, explanation=None, misconception=None)
    assert compose(bare).not_yet[0].help == "Start both before you wait for either."


def test_checks_of_the_shown_entry_come_first(verdict: Named) -> None:
    found = verdict("sequential")
    other = msgspec.structs.replace(found.checks[0], status="failed", rationale="it returned None")
    message = compose(msgspec.structs.replace(found, checks=(other, *found.checks[1:])))
    assert [item.entry for item in message.not_yet] == ["together", "together", "one_after_the_other"]


def test_a_hidden_case_has_no_timelines(verdict: Named) -> None:
    message = compose(verdict("hidden-case"))
    assert message.hidden
    assert message.yours is None
    assert message.possible is None
    assert message.output == ""
    assert message.call == ""


def test_what_was_refused_on_the_way_is_told_but_not_of_a_hidden_case(verdict: Named) -> None:
    found = verdict("sequential")
    noted = tuple(msgspec.structs.replace(case, notes=("`input` was refused",)) for case in found.cases)
    assert compose(found).notes == ()
    assert compose(msgspec.structs.replace(found, cases=noted)).notes == ("`input` was refused",)
    hidden = tuple(msgspec.structs.replace(case, hidden=True) for case in noted)
    assert compose(msgspec.structs.replace(found, cases=hidden)).notes == ()
