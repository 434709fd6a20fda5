"""Each program that attacks the clock and the door, with its defences and without: none passes by being harmless."""

import pytest

from grader.run import resolved
from grader.run.levels import ISOLATED
from tests.isolation.beside import FORKED, FRESH, HERE, SHUT_IN, Answer, graded
from tests.isolation.controls import APART, CONTROLS, FAILS, SHUT, Control
from tests.proof.test_hostile import HOSTILE
from tests.proof.the_course import PROGRAMS

TRIED = {name: control for name, control in CONTROLS.items() if isinstance(control, Control)}
pytestmark = pytest.mark.slow


def played(name: str, control: Control, off: tuple[str, ...]) -> Answer:
    return graded(
        control.exercise,
        (PROGRAMS / "hostile" / f"{name}.py").read_bytes(),
        place=_place(control, off),
        off=[each for each in off if each not in (APART, SHUT)],
        look=control.harm if callable(control.harm) else None,
    )


def _place(control: Control, off: tuple[str, ...]) -> str:
    if control.here or APART in off:
        return HERE
    if SHUT in off:
        return FORKED
    return SHUT_IN if SHUT in control.off else FRESH if APART in control.off else FORKED


def did_harm(control: Control, answer: Answer) -> bool:
    if callable(control.harm):
        return answer.seen
    return answer.harmed if control.harm == FAILS else control.harm in answer.earned


def test_every_program_stands_in_the_table_once() -> None:
    assert sorted(CONTROLS) == [path.stem for path in HOSTILE]


@pytest.mark.parametrize("name", TRIED)
def test_it_is_stopped_by_what_the_table_names_and_by_nothing_else(name: str) -> None:
    control = TRIED[name]
    if SHUT in control.off and resolved("child") not in ISOLATED:
        pytest.skip("nothing can be shut in here")
    assert did_harm(control, played(name, control, control.off)), "it is harmless"
    for on in control.off:
        rest = tuple(each for each in control.off if each != on)
        answer = played(name, control, rest)
        assert not did_harm(control, answer), f"not stopped by this alone: {on}"
        assert not answer.harmed
