"""The proof of a course: one that is sound is valid, and each way to spoil it is told, with its place.

Everything here goes through `validate_course`, so a part that is left out of the proof is missed here.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import main
from grader.course.cases import cases_of
from grader.course.load import load_course
from tests.authoring.conftest import ONE_BY_ONE, PROGRAM, RIGHT, proved

Spoil = Callable[..., Path]
PAGE = "exercises/05_two_calls/exercise.yaml"
STUB = "exercises/05_two_calls/two_calls.py"
POSSIBLE = "exercises/05_two_calls/possible.json"
SOLUTIONS = "solutions/05_two_calls"
RESULT, TOGETHER, TIME = "{id: result, points: 4,", "{id: together, points: 4,", "{id: time, points: 2,"
CASES = "cases:\n"
SEED = "(seed 'two-calls/0')"
OTHER_RULE = """\
misconceptions:
  - id: another
    when: {entry: both, fails: [time]}
    says: Something else.
    example: another.py
"""

pytestmark = pytest.mark.usefixtures("solutions")


def test_a_sound_course_is_valid() -> None:
    assert proved() == []


# ---------------------------------------------------------------- the programs


def test_a_stub_that_earns_points_is_told() -> None:
    Path(STUB).write_text(ONE_BY_ONE)
    assert proved() == [
        f"{STUB}: the stub earns 4 points; it must earn none, add a gate to the checks it passes {SEED}"
    ]


def test_a_stub_that_earns_all_is_told() -> None:
    Path(STUB).write_text(RIGHT)
    assert proved() == [
        f"{STUB}: the stub earns 10 points; it must earn none, add a gate to the checks it passes {SEED}"
    ]


def test_a_right_solution_that_does_not_earn_all_is_told() -> None:
    Path(SOLUTIONS, "accepted_short.py").write_text(
        PROGRAM.format("return [*await asyncio.gather(say(a, first), say(b, second)), None]")
    )
    [told] = proved()
    assert told.startswith(
        f"{SOLUTIONS}/accepted_short.py: earns 6 of 10 points and must earn all; both, case documented, check result: "
    )
    assert told.endswith(SEED)


def test_of_a_right_solution_all_checks_are_told_that_it_does_not_meet() -> None:
    Path(SOLUTIONS, "accepted_short.py").write_text(ONE_BY_ONE)
    Path(SOLUTIONS, "accepted_shorter.py").write_text(PROGRAM.format("return None"))
    one_by_one, nothing = proved()
    assert "check together: " in one_by_one
    assert one_by_one.endswith(f" [not met either: both, time] {SEED}")
    assert nothing.endswith(f" [not met either: both, together; both, time] {SEED}")


def test_a_check_without_points_that_a_right_solution_fails_is_told(spoil: Spoil) -> None:
    spoil(CASES.join(["", ""]), f'      - {{id: never, calls: "say[*]", count: 3}}\n{CASES}')
    told = proved(write=True)
    assert [line.partition(":")[0] for line in told] == [f"{SOLUTIONS}/accepted_short.py", f"{SOLUTIONS}/reference.py"]
    assert all("earns 10 of 10 points and must earn all; both, case documented, check never: " in one for one in told)


def test_a_wrong_solution_that_is_caught_by_another_name_is_told(spoil: Spoil) -> None:
    spoil("misconceptions:\n", OTHER_RULE)
    Path(SOLUTIONS, "wrong", "another.py").write_text(ONE_BY_ONE)
    assert proved(write=True) == [
        f"{SOLUTIONS}/wrong/one_by_one.py: must be caught as 'one-by-one', but is caught as 'another'; mend 'when' or the "
        f"order of the rules {SEED}"
    ]


def test_a_wrong_solution_that_is_caught_by_no_name_is_told(spoil: Spoil) -> None:
    spoil('elapsed: "=a + b"', 'elapsed: "=a + b + 1"')
    assert proved(write=True) == [
        f"{SOLUTIONS}/wrong/one_by_one.py: must be caught as 'one-by-one', but is caught as none; mend 'when' or the "
        f"order of the rules {SEED}"
    ]


def test_a_wrong_solution_that_earns_all_is_told(spoil: Spoil) -> None:
    Path(SOLUTIONS, "wrong", "one_by_one.py").write_text(RIGHT)
    assert proved() == [
        f"{SOLUTIONS}/wrong/one_by_one.py: earns all points; add a check that it fails {SEED}",
        f"{SOLUTIONS}/wrong/one_by_one.py: must be caught as 'one-by-one', but is caught as none; mend 'when' or the "
        f"order of the rules {SEED}",
    ]


def test_a_wrong_solution_that_earns_more_than_most_is_told(spoil: Spoil) -> None:
    spoil(RESULT, "{id: result, points: 6.5,", TOGETHER, "{id: together, points: 1.5,")
    assert proved(write=True) == [
        f"{SOLUTIONS}/wrong/one_by_one.py: earns 6.5 of 10 points, more than 60 %; weigh the checks anew, or say why in "
        f"'earns_more_because' {SEED}"
    ]


def test_sixty_per_cent_are_not_more_than_sixty_per_cent(spoil: Spoil) -> None:
    spoil(RESULT, "{id: result, points: 6,", TOGETHER, "{id: together, points: 2,")
    assert proved(write=True) == []


def test_a_wrong_solution_may_earn_more_where_it_is_said_why(spoil: Spoil) -> None:
    spoil(RESULT, "{id: result, points: 6.5,", TOGETHER, "{id: together, points: 1.5,")
    spoil("    example: one_by_one.py\n", "    example: one_by_one.py\n    earns_more_because: it is quick\n")
    assert proved(write=True) == []


def test_what_only_another_draw_shows_is_told_with_its_seed() -> None:
    [drawn, *_] = (case for case in cases_of(load_course().exercises[0], "two-calls/1", hidden=True) if case.number)
    word = drawn.values["first"]
    Path(SOLUTIONS, "accepted_short.py").write_text(
        PROGRAM.format(f"return first != {word!r} and list(await asyncio.gather(say(a, first), say(b, second)))")
    )
    [told] = proved()
    assert told.startswith(f"{SOLUTIONS}/accepted_short.py: earns ")
    assert told.endswith("(seed 'two-calls/1')")


def test_a_program_that_cannot_be_graded_is_told(spoil: Spoil) -> None:
    spoil(RESULT, "{id: ours, python: checks.py:broken}\n      - " + RESULT)
    Path("exercises/05_two_calls/checks.py").write_text("def broken(view):\n    1 / 0\n")
    told = proved(write=True)
    assert len(told) == 4
    assert all(": could not be graded: both, case documented, check ours: ZeroDivisionError" in one for one in told)
    assert all("(line 2 of checks.py); and " in one and "\n" not in one for one in told)


# ---------------------------------------------------------------- what wears out


def test_a_var_that_nothing_uses_is_told_with_its_line(spoil: Spoil) -> None:
    spoil("vars:\n", "vars:\n  lonely: 3\n")
    assert proved(write=True) == [f"{PAGE}:7: var 'lonely' is used nowhere; remove it"]


def test_an_operation_that_no_entry_gets_is_told_with_its_line(spoil: Spoil) -> None:
    spoil("  operations:\n", "  operations:\n    shout: {params: [], duration: 1}\n")
    assert proved(write=True) == [f"{PAGE}:14: operation 'shout' is given to no entry; remove it, or pass it in 'args'"]


WORLD = """\
def build(world, v):
    async def say(delay, what):
        await world.sleep(delay)
        return what

    return {"gives": {"say": world.function(say, "say", key=lambda delay, what: what), "spare": 3}}
"""


def test_what_the_world_gives_and_nothing_uses_is_told_with_its_line(spoil: Spoil) -> None:
    text = Path(PAGE).read_text()
    operations = text[text.index("  operations:") : text.index("entries:")]
    spoil(operations, "  python: world.py\n  records: [say]\n  gives:\n    - say\n    - spare\n")
    Path("exercises/05_two_calls/world.py").write_text(WORLD)
    assert proved(write=True) == [f"{PAGE}:17: 'spare', which world.py gives, is used nowhere; remove it"]


def test_points_that_hang_on_reported_facts_alone_are_told_with_the_entry(spoil: Spoil) -> None:
    spoil(RESULT, "{id: result,", TOGETHER, "{id: together,", TIME, "{id: time,")
    spoil(CASES, f"      - {{id: tasks, points: 10, tasks: {{at_least: 1}}}}\n{CASES}")
    told = proved(write=True)
    assert (
        f"{PAGE}:20: entry 'both': all its points hang on what the learner's side reports of itself; add a check of a "
        "witnessed kind (docs/checks.md)"
    ) in told


@pytest.mark.parametrize("blank", ['""', '" "', '"\\t"'])
def test_a_blank_hint_is_told_with_its_line(blank: str, spoil: Spoil) -> None:
    spoil("hints: [Make a task.]", f"hints:\n  - Make a task.\n  - {blank}")
    code, [told] = validate()
    assert code == 2
    assert told.startswith(f"{PAGE}:36: item 2 of 'hints' is ")
    assert told.endswith("; it must be text, and not empty")


def test_a_wrong_solution_that_nothing_names_is_told() -> None:
    Path(SOLUTIONS, "wrong", "other.py").write_text(ONE_BY_ONE)
    assert proved() == [
        f"{SOLUTIONS}/wrong/other.py: no misconception names this file as its example; add one, or remove it"
    ]


def test_an_example_that_is_not_there_is_told_with_its_line() -> None:
    Path(SOLUTIONS, "wrong", "one_by_one.py").unlink()
    assert proved() == [
        f"{PAGE}:33: misconception 'one-by-one': its example 'wrong/one_by_one.py' is not there; write it"
    ]


def test_a_reference_that_is_not_there_is_told() -> None:
    Path(SOLUTIONS, "reference.py").unlink()
    assert proved() == [f"{SOLUTIONS}: there is no reference.py; add a solution that earns all points"]


def test_a_dead_link_of_an_exercise_and_one_of_the_course_are_told() -> None:
    Path("exercises/05_two_calls/README.md").write_text("[gone](gone.md)\n")
    Path("README.md").write_text("[gone](gone.md)\n")
    assert proved() == [
        "README.md:1: the link 'gone.md' leads nowhere; mend it",
        "exercises/05_two_calls/README.md:1: the link 'gone.md' leads nowhere; mend it",
    ]
    assert len(proved("two-calls")) == 1  # the course's own pages are none of one exercise


def test_a_name_that_would_never_be_found_is_told(spoil: Spoil) -> None:
    spoil('elapsed: "=a + b"}', 'elapsed: "=a + b", raised: ValeuError}')
    assert f"{PAGE}:31: 'ValeuError' is no exception that is known here; did you mean 'ValueError'?" in proved(
        write=True
    )


# ---------------------------------------------------------------- what is possible


def test_what_is_possible_has_to_be_recorded() -> None:
    Path(POSSIBLE).unlink()
    assert proved() == [f"{POSSIBLE}: what is possible is not recorded; record it with 'grader validate --write'"]
    assert proved(write=True) == []
    assert Path(POSSIBLE).is_file()


STALE = (
    f"{POSSIBLE}: the exercise or its reference has changed since this was recorded; record it with "
    "'grader validate --write'"
)


def test_a_record_from_before_a_change_of_the_exercise_is_told(spoil: Spoil) -> None:
    spoil("goal: Call twice", "goal: Call two times")
    assert proved() == [STALE]


def test_a_record_from_before_a_change_of_the_reference_is_told() -> None:
    Path(SOLUTIONS, "reference.py").write_text(
        RIGHT.replace("say(a, first), say(b, second)", "*pair(say, a, first, b, second)")
        + "\n\ndef pair(say, a, first, b, second):\n    later = say(b, second)\n    return say(a, first), later\n"
    )
    assert proved() == []  # another text, and the same is possible
    backwards = PROGRAM.format("y, x = await asyncio.gather(say(b, second), say(a, first)); return [x, y]")
    Path(SOLUTIONS, "reference.py").write_text(backwards)
    assert proved() == [STALE]


def test_a_record_that_does_not_say_what_was_drawn_is_told() -> None:
    older = [line for line in Path(POSSIBLE).read_text().splitlines() if '"drawn"' not in line]
    assert proved() == []
    Path(POSSIBLE).write_text("\n".join(older))
    message = "what is possible was recorded without what the cases drew, so learners do not see it"
    assert proved() == [f"{POSSIBLE}: {message}; record it with 'grader validate --write'"]


def test_recording_heals_a_stale_record(spoil: Spoil) -> None:
    spoil("goal: Call twice", "goal: Call two times")
    assert proved(write=True) == []
    assert proved() == []


# ---------------------------------------------------------------- where there is nothing to prove with


def validate(*more: str) -> tuple[int, list[str]]:
    result = CliRunner().invoke(main, ["validate", "--seeds", "1", *more])
    return result.exit_code, result.stdout.splitlines()


def test_solutions_under_another_name_are_told_from_both_sides() -> None:
    Path(SOLUTIONS).rename("solutions/5_two_calls")
    assert proved() == [
        f"{SOLUTIONS}: there is no such folder, so 'two-calls' cannot be proved; put its solutions there",
        "solutions/5_two_calls: no exercise has the folder '5_two_calls'; did you mean '05_two_calls'?",
    ]
    assert proved("two-calls") == [
        f"{SOLUTIONS}: there is no such folder, so 'two-calls' cannot be proved; put its solutions there"
    ]


def test_solutions_that_belong_to_nothing_are_told() -> None:
    Path("solutions/06_gone").mkdir()
    Path("solutions/__pycache__").mkdir()
    Path("solutions/README.md").write_text("")
    assert proved() == ["solutions/06_gone: no exercise has the folder '06_gone'; rename it, or remove it"]


def test_a_course_is_valid_only_if_it_was_proved() -> None:
    assert validate() == (0, ["valid"])
    remove(Path("solutions"))
    not_proved = ["not proved: no solutions/; only what learners get was looked at"]
    assert validate() == (1, not_proved)
    assert validate("--exercise", "two-calls") == (1, not_proved)


def test_exercises_handed_out_alone_are_looked_at_and_not_proved() -> None:
    remove(Path("solutions"))
    Path("course.yaml").unlink()
    assert validate() == (1, ["not proved: no solutions/; only what learners get was looked at"])
    Path("exercises/05_two_calls/README.md").write_text("[gone](gone.md)\n")
    assert validate() == (2, ["exercises/05_two_calls/README.md:1: the link 'gone.md' leads nowhere; mend it"])


def remove(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
