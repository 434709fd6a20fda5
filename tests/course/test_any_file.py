"""Whatever an author writes, loading ends in an exercise or in a list of problems, never in a traceback."""

import contextlib
import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.course.cases import cases_of
from grader.course.load import load_exercise
from grader.course.operations import set_up
from grader.errors import CourseError
from tests.course.samples import EXERCISE, QuietWorld

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 100),
    st.floats(),
    st.sampled_from([10**400, "x" * 3000, "=" + "a + " * 900 + "a", "a\nb", "\u0430", "../..", {}, [[]], {"": 1}]),
    st.sampled_from(
        ["", "x", "=", "=a", "=say", "=1/0", "=a[", "{", "say[{", "both", "time", "a", "world.py", "=[[]]"]
    ),
    st.lists(st.sampled_from(["a", "=b", 1, None]), max_size=2),
    st.dictionaries(
        st.sampled_from(["a", "id", "result", "elapsed", "int", "params", "checks"]), st.integers(), max_size=2
    ),
)


def places_in(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        found += [place for key, item in value.items() for place in places_in(item, (*path, key))]
    if isinstance(value, list):
        found += [place for at, item in enumerate(value) for place in places_in(item, (*path, at))]
    return found


def spoiled(data: Any, place: tuple[Any, ...], how: str, junk: Any) -> Any:
    """A copy of `data` with one place removed, renamed or replaced."""
    data = copy.deepcopy(data)
    parent = data
    for step in place[:-1]:
        parent = parent[step]
    if how == "replace" or isinstance(parent, list):
        parent[place[-1]] = junk
        return data
    value = parent.pop(place[-1])
    if how == "rename":
        parent[f"{place[-1]}x"] = value
    return data


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choose=st.data())
@pytest.mark.slow
def test_a_spoiled_exercise_is_a_course_error_or_works(folder: Path, choose: st.DataObject) -> None:
    data = yaml.safe_load(EXERCISE)
    for _ in range(choose.draw(st.integers(1, 3))):
        place = choose.draw(st.sampled_from(places_in(data)))
        data = spoiled(data, place, choose.draw(st.sampled_from(["replace", "rename", "remove"])), choose.draw(JUNK))
    (folder / "exercise.yaml").write_text(json.dumps(data))
    with contextlib.suppress(CourseError):
        exercise = load_exercise(folder)
        for case in cases_of(exercise, "seed", hidden=True):
            set_up(exercise, case, QuietWorld())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(EXERCISE)), junk=st.binary(max_size=4), drop=st.integers(0, 6))
def test_a_file_with_a_slip_of_the_keyboard_is_a_course_error_or_works(
    folder: Path, at: int, junk: bytes, drop: int
) -> None:
    text = EXERCISE.encode()
    (folder / "exercise.yaml").write_bytes(text[:at] + junk + text[at + drop :])
    with contextlib.suppress(CourseError):
        load_exercise(folder)
