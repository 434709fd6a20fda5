"""CPython's own tests of asyncio on the loop, in both debug modes, on each supported Python; and the list of deviations."""

import sys
import unittest
from pathlib import Path

import pytest

from tests.conformance import cpython, one_module
from tests.conformance.cpython import VERSIONS, Deviation, Seen, deviations, expected, surprises
from tests.conformance.modules import ALONE, KINDS, NOT_ALONE, NOT_OUTSIDE, NOT_PLAYED, PLAYED, since

DOCS = Path(__file__).parents[2] / "docs" / "clock.md"


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("debug", [False, True], ids=["plain", "debug"])
@pytest.mark.parametrize(
    ("version", "kind", "module"),
    [(version, *each) for version in VERSIONS for each in KINDS if since(*each) <= version],
)
def test_cpythons_own_tests_pass_on_the_loop(version: str, kind: str, module: str, debug: bool) -> None:
    python = cpython.interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} with its own tests here")
    seen = cpython.play(python, module, debug, kind)
    assert surprises(seen, expected(deviations(), module, version, debug)) == []
    assert seen.built >= {"outside": PLAYED, "alone": ALONE}[kind][module], (
        f"only {seen.built} tests of {module} built the loop: it is not tested"
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_every_module_of_those_tests_is_played_or_has_a_reason(version: str) -> None:
    python = cpython.interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} with its own tests here")
    there = cpython.modules(python)
    assert there - set(PLAYED) - set(NOT_PLAYED) == set()


def test_there_are_at_most_three_deviations_and_each_stands_in_the_documentation_with_its_reason() -> None:
    listed, text = deviations(), DOCS.read_text(encoding="utf-8")
    assert len(listed) <= 3
    assert [each.test for each in listed if each.test not in text or each.reason not in text] == []


@pytest.mark.parametrize("left_out", [NOT_ALONE, NOT_OUTSIDE], ids=["in memory", "outside"])
def test_what_is_left_out_stands_in_the_documentation_with_its_reason(left_out: dict[str, dict[str, str]]) -> None:
    text = " ".join(DOCS.read_text(encoding="utf-8").split())
    rows = {f"| {module} | `{part}` | {why} |" for module, parts in left_out.items() for part, why in parts.items()}
    assert [row for row in sorted(rows) if row not in text] == []


# ---------------------------------------------------------------- the comparison


def seen(**failures: str) -> Seen:
    return Seen(3, 3, 0, {f"test_x.Case.{name}": detail for name, detail in failures.items()})


def test_a_failure_that_is_not_listed_is_a_surprise() -> None:
    assert surprises(seen(test_a="1 != 2"), set()) == ["test_x.Case.test_a fails, and is not listed:\n1 != 2"]


def test_a_failure_that_is_listed_is_none() -> None:
    assert surprises(seen(test_a="1 != 2"), {"test_x.Case.test_a"}) == []


def test_a_listed_one_that_passes_is_a_surprise() -> None:
    found = surprises(seen(), {"test_x.Case.test_a"})
    assert found == ["test_x.Case.test_a is listed as a deviation, but does not fail: take it off the list"]


def test_a_deviation_counts_for_its_module_python_and_mode_only() -> None:
    listed = [Deviation("test_x.Case.test_a", "because", ("3.12",), True)]
    assert expected(listed, "test_x", "3.12", True) == {"test_x.Case.test_a"}
    assert expected(listed, "test_x", "3.12", False) == set()
    assert expected(listed, "test_x", "3.13", True) == set()
    assert expected(listed, "test_xy", "3.12", True) == set()


def test_a_deviation_without_a_reason_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "deviations.toml"
    path.write_text('[[deviation]]\ntest = "test_x.Case.test_a"\n')
    with pytest.raises(TypeError, match="reason"):
        deviations(path)


class Case(unittest.TestCase):
    """Two tests, to choose from."""

    def test_a(self) -> None:
        """One."""

    def test_b(self) -> None:
        """The other."""


def test_what_is_left_out_is_known_by_a_part_of_its_name_which_some_test_of_the_newest_python_has() -> None:
    noted, some = one_module.Seen(), one_module.Seen()
    tests: list[unittest.TestCase] = [Case("test_a"), Case("test_b")]
    assert one_module.without(["_a", "gone"], tests, noted, False) == tests[1:]
    assert one_module.without(["_a", "gone"], tests, some, True) == tests[1:]
    newest = (sys.version_info.major, sys.version_info.minor) == tuple(map(int, VERSIONS[-1].split(".")))
    assert [test["detail"] for test in noted.tests.values()] == ["no test has 'gone' in its name"] * newest
    assert some.tests == {}


def test_a_part_is_of_the_name_of_a_test_or_of_its_class_and_a_whole_name_is_just_that() -> None:
    tests: list[unittest.TestCase] = [Case("test_a"), Case("test_b")]
    for parts, left in ((["test_a"], tests[1:]), (["test"], []), (["test_"], tests), (["Case"], []), (["case"], tests)):
        assert one_module.without(parts, tests, one_module.Seen(), True) == left
