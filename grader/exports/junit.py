"""The grades as JUnit XML, as pytest writes it (family xunit2): a suite for each learner, a case for each check.

No time of day and no host stand in it, so that the same grades give the same bytes.
"""

import re
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from grader.exports.checked import RULED, Checked, beyond, checked
from grader.exports.sheet import Row, Sheet

# XML 1.0, 2.2: what is not among these cannot stand in a document at all
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_junit(sheet: Sheet) -> bytes:
    """Failures and errors carry what the learner is told; work that was not handed in is skipped.

    What rules or a person gave or took beyond the checks is a case of its own: the points of a suite are those that count.
    """
    root = ET.Element("testsuites", name="grader")
    for learner in sheet.learners:
        root.append(_suite(learner, sheet.of(learner)))
    return b'<?xml version="1.0" encoding="utf-8"?>' + ET.tostring(root, encoding="unicode").encode()


def _suite(learner: str, rows: Iterable[Row]) -> ET.Element:
    cases = [case for row in rows for case in _cases(row)]
    counts = {kind: str(sum(case.find(tag) is not None for case in cases)) for kind, tag in _COUNTED.items()}
    suite = ET.Element("testsuite", {"name": legal(learner), **counts, "tests": str(len(cases)), "time": "0.000"})
    suite.extend(cases)
    return suite


_COUNTED = {"errors": "error", "failures": "failure", "skipped": "skipped"}


def _cases(row: Row) -> list[ET.Element]:
    if row.verdict is None:
        case = _case(row.exercise, row.exercise, row.adjusted, row.max_points)
        why = row.comment if row.comment and not row.by_hand else "nothing was handed in"
        case.append(ET.Element("skipped", type="pytest.skip", message=legal(why)))
        return [_with_comment(row, case)]
    if row.standing == "error":
        case = _case(row.exercise, row.exercise, row.adjusted, row.max_points)
        _say(case, "error", "the grader itself failed", row.verdict.error)
        return [_with_comment(row, case)]
    found = checked(row.verdict)
    cases = [_checked(row, one) for one in found]
    if ruled := beyond(row.adjusted, (one.points for one in found)):
        cases.append(_with_comment(row, _case(row.exercise, RULED, ruled, None)))
    return cases


def _with_comment(row: Row, case: ET.Element) -> ET.Element:
    if row.comment:
        ET.SubElement(case, "system-out").text = legal(row.comment)
    return case


def _checked(row: Row, one: Checked) -> ET.Element:
    case = _case(f"{row.exercise}.{one.entry}", one.id, one.points, one.max_points)
    if one.result != "passed":
        first = one.told.split("\n", 1)[0] or "not yet"
        _say(case, "error" if one.result == "error" else "failure", first, one.told)
    return case


def _case(classname: str, name: str, points: float | None, most: float | None) -> ET.Element:
    """Without `points` where nobody knows them."""
    case = ET.Element("testcase", classname=legal(classname), name=legal(name), time="0.000")
    properties = ET.SubElement(case, "properties")
    for key, value in (("points", points), ("max_points", most)):
        if value is not None:
            ET.SubElement(properties, "property", name=key, value=f"{round(value, 4):g}")
    return case


def _say(case: ET.Element, tag: str, message: str, text: str) -> None:
    node = ET.SubElement(case, tag, message=legal(message))
    node.text = legal(text)


def legal(text: str) -> str:
    """`text` with the characters that XML does not have spelled out, as pytest does."""
    return _NO_XML.sub(lambda found: f"#x{ord(found[0]):02X}", text)
