"""`possible.json`: written so that a change can be read, and never used for another text of the exercise."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from grader.course.cases import cases_of
from grader.course.load import load_exercise
from grader.course.possible import (
    PossibleRow,
    PossibleRun,
    digest_of,
    drawn_in,
    is_stale,
    load_possible,
    possible,
    save_possible,
)
from grader.errors import CourseError

Spoil = Callable[..., Path]
RUNS = {
    "both/documented": PossibleRun(2_000, (PossibleRow("say", "hello", 0, 1_000), PossibleRow("say", None, 0, None))),
    "both/drawn-1": PossibleRun(None, ()),
}


def test_what_was_recorded_is_read_back(folder: Path) -> None:
    exercise = load_exercise(folder)
    assert load_possible(exercise) is None
    recorded = possible(exercise, RUNS)
    save_possible(exercise, recorded)
    assert load_possible(exercise) == recorded
    assert not is_stale(exercise, recorded)


def test_the_file_has_a_line_for_every_operation(folder: Path) -> None:
    exercise = load_exercise(folder)
    path = save_possible(exercise, possible(exercise, RUNS))
    assert Path(path).read_text() == (
        "{\n"
        '  "format": 1,\n'
        f'  "digest": "{digest_of(exercise)}",\n'
        '  "hidden": 0,\n'
        '  "runs": {\n'
        '    "both/documented": {\n'
        '      "returned": 2000,\n'
        '      "rows": [\n'
        '        ["say","hello",0,1000],\n'
        '        ["say",null,0,null]\n'
        "      ]\n"
        "    },\n"
        '    "both/drawn-1": {\n'
        '      "returned": null,\n'
        '      "rows": []\n'
        "    }\n"
        "  }\n"
        "}\n"
    )


def test_a_run_says_what_its_case_drew(folder: Path) -> None:
    exercise = load_exercise(folder)
    one, other = (drawn_in(exercise, cases_of(exercise, seed, hidden=False)[-1]) for seed in ("a", "b"))
    fixed = drawn_in(exercise, cases_of(exercise, "a", hidden=False)[0])
    assert fixed is None
    assert None is not one != other is not None
    recorded = possible(exercise, {"both/drawn-1": PossibleRun(None, (), one)})
    path = save_possible(exercise, recorded)
    assert f'    "both/drawn-1": {{\n      "drawn": "{one}",\n      "returned": null,\n' in Path(path).read_text()
    assert load_possible(exercise) == recorded


def test_a_set_counts_as_drawn_in_whatever_order_it_is_told(folder: Path) -> None:
    exercise = load_exercise(folder)
    case = cases_of(exercise, "a", hidden=False)[-1]

    def digest(value: Any) -> str | None:
        return drawn_in(exercise, replace(case, values={**case.values, "a": [{"of": value}]}))

    one, other = {0, 8}, {8, 0}
    assert (list(one), list(other)) == ([0, 8], [8, 0])
    assert digest(one) == digest(other) != digest([0, 8]) != digest((0, 8))


def test_another_text_of_the_exercise_makes_it_stale(spoil: Spoil, folder: Path) -> None:
    recorded = possible(load_exercise(folder), RUNS)
    spoil("Call twice", "Call both")
    assert is_stale(load_exercise(folder), recorded)


def test_line_ends_do_not_make_it_stale(folder: Path) -> None:
    recorded = possible(load_exercise(folder), RUNS)
    file = folder / "exercise.yaml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert not is_stale(load_exercise(folder), recorded)


def test_world_code_belongs_to_the_digest(spoil: Spoil) -> None:
    folder = spoil("world:\n", "world:\n  python: world.py\n")
    (folder / "world.py").write_text("def build(world, v):\n    return {}\n")
    recorded = possible(load_exercise(folder), RUNS)
    (folder / "world.py").write_text("def build(world, v):\n    return {'gives': {}}\n")
    assert is_stale(load_exercise(folder), recorded)


def test_hidden_cases_count_only_where_they_are_at_hand(folder: Path, tmp_path: Path) -> None:
    recorded = possible(load_exercise(folder), RUNS)
    solutions = tmp_path / "solutions" / "05_two_calls"
    solutions.mkdir(parents=True)
    (solutions / "hidden.yaml").write_text("schema: 1\ncases:\n  - {name: secret, draws: 3}\n")
    assert is_stale(load_exercise(folder), recorded)
    with_hidden = possible(load_exercise(folder), RUNS)
    assert with_hidden.hidden == 3
    (solutions / "hidden.yaml").unlink()
    solutions.rmdir()
    assert not is_stale(load_exercise(folder), with_hidden)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot be read: Input data was truncated; record it anew with 'grader validate --write'"),
        ('{"format":1}', "cannot be read: Object missing required field `digest`; record it anew with"),
        ('{"format":9,"digest":"","hidden":0,"runs":{}}', "format 9 is not known, this grader reads 1; record it anew with"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_an_error(folder: Path, text: str, message: str) -> None:
    (folder / "possible.json").write_text(text)
    with pytest.raises(CourseError) as error:
        load_possible(load_exercise(folder))
    assert str(error.value).startswith(f"exercises/05_two_calls/possible.json: {message}")
