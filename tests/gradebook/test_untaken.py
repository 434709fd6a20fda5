"""What nothing could be made of is kept as the last run with that learner met it."""

from grader.gradebook.opening import Gradebook, reading
from grader.gradebook.untaken import keep_untaken, untaken
from tests.gradebook.content import ask, work


def test_what_learners_of_a_run_handed_in_is_kept_and_what_others_did_stays(book: Gradebook) -> None:
    ask(book, work("ann"), work("bob"), work("cem"))
    found = []
    for run, left in (
        (["ann", "bob"], {"ann": "a.rar", "bob": "b.rar"}),
        (["ann", "cem"], {"ann": "a.rar", "cem": "c.rar"}),
        (["ann", "cem"], {"cem": "d.rar"}),
    ):
        keep_untaken(book, run, left)
        with reading(book) as connection:
            found.append(untaken(connection))
    assert found == [
        {"ann": "a.rar", "bob": "b.rar"},
        {"ann": "a.rar", "bob": "b.rar", "cem": "c.rar"},
        {"bob": "b.rar", "cem": "d.rar"},
    ]
