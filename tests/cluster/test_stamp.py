"""What two machines must have alike, and what is said where they have not."""

from msgspec.structs import replace

import grader
from grader.cluster.messages import Stamp
from grader.cluster.stamp import differences, stamp

HERE = Stamp("1.2", "c0ffee", "3.11", {"numpy": "2.0"})


def test_a_machine_that_has_all_alike_does_not_differ() -> None:
    assert differences(HERE, HERE) == []


def test_a_package_more_than_the_course_names_is_no_difference() -> None:
    assert differences(HERE, replace(HERE, packages={"numpy": "2.0", "scipy": "1.0"})) == []


def test_another_grader_is_named_with_the_remedy() -> None:
    assert differences(HERE, replace(HERE, grader="1.1", code="0ld")) == [
        "it has grader 1.1, and here is 1.2; pip install 'asyncio-grader[cluster]==1.2' there, and start it again"
    ]


def test_other_code_of_the_same_version_is_another_grader() -> None:
    assert differences(HERE, replace(HERE, code="f00d")) == [
        "it has other code of grader 1.2 (f00d) than is here (c0ffee); install the same on both, and start it again"
    ]


def test_another_python_is_named_with_the_remedy() -> None:
    assert differences(HERE, replace(HERE, python="3.12")) == [
        "it runs Python 3.12, and here is 3.11; start it with Python 3.11"
    ]


def test_another_version_of_a_package_and_none_at_all_are_told_apart() -> None:
    remedy = "and here is 2.0; pip install 'numpy==2.0' there, and start it again"
    assert differences(HERE, replace(HERE, packages={"numpy": "1.9"})) == [f"it has numpy 1.9, {remedy}"]
    assert differences(HERE, replace(HERE, packages={"numpy": ""})) == [f"it does not have numpy, {remedy}"]


def test_all_differences_are_told_at_once() -> None:
    there = Stamp("1.1", "0ld", "3.13", {})
    assert len(differences(HERE, there)) == 3


def test_a_process_says_what_it_has() -> None:
    own = stamp(["pytest", "no-such-package"])
    assert own.grader == grader.__version__
    assert len(own.code) == 12
    assert own.packages["pytest"]
    assert own.packages["no-such-package"] == ""
    assert differences(own, stamp(["pytest", "no-such-package"])) == []
