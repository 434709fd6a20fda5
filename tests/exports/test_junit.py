"""JUnit XML has the shape of pytest's own, and its counts are those of what stands in it."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

from grader.exports.junit import legal, to_junit
from grader.exports.sheet import Sheet

TESTS = """\
import pytest
def test_passes(record_property): record_property("points", 1)
def test_fails(): assert 0
@pytest.fixture
def broken(): raise KeyError
def test_errs(broken): pass
def test_skips(): pytest.skip("not here")
def test_says(): print("it")
"""


def by_pytest(folder: Path) -> ET.Element:
    (folder / "test_any.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "junit_family=xunit2"]
    subprocess.run(
        [*command, "-o", "junit_logging=system-out", "--junit-xml=r.xml", "test_any.py"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    return ET.parse(folder / "r.xml").getroot()


def shapes(root: ET.Element) -> dict[str, tuple[set[str], set[str]]]:
    """For each tag the attributes and the children that occur."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for node in root.iter():
        attributes, children = found.setdefault(node.tag, (set(), set()))
        attributes.update(node.keys())
        children.update(child.tag for child in node)
    return found


def test_it_has_no_tag_and_no_attribute_that_pytest_does_not_write(sheet: Sheet, tmp_path: Path) -> None:
    theirs, ours = shapes(by_pytest(tmp_path)), shapes(ET.fromstring(to_junit(sheet)))
    assert ours.keys() == theirs.keys() - {"system-out"}  # of comments, and there is none here
    for tag, (attributes, children) in ours.items():
        assert attributes <= theirs[tag][0], tag
        assert children <= theirs[tag][1], tag
    # the time of day and the host would make the same grades other bytes
    assert theirs["testsuite"][0] - ours["testsuite"][0] == {"timestamp", "hostname"}
    assert theirs["testcase"][0] == ours["testcase"][0]


def test_the_counts_are_those_of_the_cases(sheet: Sheet) -> None:
    for suite in ET.fromstring(to_junit(sheet)):
        cases = suite.findall("testcase")
        assert suite.get("tests") == str(len(cases))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert suite.get(attribute) == str(len(suite.findall(f"testcase/{tag}")))


def test_missing_work_is_skipped_and_the_graders_fault_is_an_error(sheet: Sheet) -> None:
    zoe = ET.fromstring(to_junit(sheet)).findall("testsuite")[2]
    assert [(case.get("name"), [child.tag for child in case]) for case in zoe] == [
        ("say-after", ["properties", "error"]),
        ("two-downloads", ["properties", "skipped"]),
    ]
    assert [[one.get("name") for one in case.iter("property")] for case in zoe] == [["max_points"], ["max_points"]]


def test_no_value_of_a_hidden_case_is_in_it(sheet: Sheet) -> None:
    assert b"zq17" not in to_junit(sheet)


def test_what_xml_cannot_hold_is_spelled_out() -> None:
    assert legal("a\x1b[1m\x00\ufffe\ud800b\tc") == "a#x1B[1m#x00#xFFFE#xD800b\tc"


def test_what_rules_or_a_person_made_of_the_points_is_a_case_of_its_own(sheet: Sheet) -> None:
    [ada, *_] = sheet.of("Ada Lovelace")
    late = replace(ada, adjusted=8.0, late=True, comment="1 day late: 20 % of 10 points taken off")
    rounded = replace(ada, adjusted=9.9999)
    [suite] = ET.fromstring(to_junit(replace(sheet, learners=("Ada Lovelace",), rows=(late,))))
    ruled = suite[-1]
    assert (ruled.get("classname"), ruled.get("name")) == ("say-after", "by the rules of the course, or by hand")
    assert [(one.get("name"), one.get("value")) for one in ruled.iter("property")] == [("points", "-2")]
    assert ruled.findtext("system-out") == late.comment
    [suite] = ET.fromstring(to_junit(replace(sheet, learners=("Ada Lovelace",), rows=(rounded,))))
    assert suite[-1].get("name") != ruled.get("name")


def test_work_that_could_not_be_graded_is_skipped_with_the_reason(sheet: Sheet) -> None:
    [_, missing] = sheet.of("Ada Lovelace")
    row = replace(missing, comment="nothing here could be graded: work.rar")
    [skipped] = ET.fromstring(to_junit(replace(sheet, learners=("Ada Lovelace",), rows=(row,)))).iter("skipped")
    assert skipped.get("message") == row.comment
