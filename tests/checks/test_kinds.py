"""Every kind that YAML may name can be run, has a class of evidence, and is described."""

from pathlib import Path
from typing import Any, get_args

import pytest

from grader.checks import EVIDENCE, SEES_WORK, kind_of, run_check
from grader.course.check_model import AnyCheck, HygieneCheck, ResultCheck
from grader.referee.outcome import Outcome

KINDS = {str(check.__struct_config__.tag) for check in get_args(AnyCheck)}
DOCUMENT = Path(__file__).parents[2] / "docs" / "checks.md"


def test_every_kind_has_its_class_of_evidence() -> None:
    assert set(EVIDENCE) == KINDS


def test_what_sees_work_is_witnessed() -> None:
    assert {EVIDENCE[kind] for kind in SEES_WORK} == {"witnessed"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_described(kind: str) -> None:
    headings = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
    assert any(kind in heading.split() for heading in headings)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_document_says_the_same_class_of_evidence(kind: str) -> None:
    rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| [")]
    row = next(line for line in rows if f"`{kind}`" in line.split("|")[1])
    assert row.split("|")[2].strip() == EVIDENCE[kind]


def test_a_check_knows_its_kind() -> None:
    assert kind_of(ResultCheck(id="result", result=1)) == "result"


@pytest.mark.parametrize("outcome", ["import", "missing", "wrong_kind"])
def test_what_could_not_be_run_passes_no_check(seen: Any, outcome: Any) -> None:
    assert not run_check(HygieneCheck(id="hygiene", hygiene="default"), seen(outcome=Outcome(outcome))).passed
