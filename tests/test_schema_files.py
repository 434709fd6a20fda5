"""The schemas that the YAML files name for editors are the ones that the loader's models give, and the course keeps to them."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from grader.course.schema import schema_of
from grader.exports.record import grades_schema

ROOT = Path(__file__).parent.parent
KINDS = {
    "course": [ROOT / "course.yaml"],
    "exercise": sorted(ROOT.glob("exercises/*/exercise.yaml")),
    "hidden": sorted(ROOT.glob("solutions/*/hidden.yaml")),
}
FILES = [(kind, path) for kind, paths in KINDS.items() for path in paths]


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_in_the_docs_is_the_one_that_the_grader_prints(kind: str) -> None:
    written = json.loads((ROOT / "docs" / "schema" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    assert written == schema_of(kind), f"write it anew: grader schema {kind} > docs/schema/{kind}.schema.json"


def test_the_schema_of_exported_grades_in_the_docs_is_the_one_that_the_grader_prints() -> None:
    written = json.loads((ROOT / "docs" / "schema" / "grades.schema.json").read_text(encoding="utf-8"))
    assert written == grades_schema(), "write it anew: grader schema grades > docs/schema/grades.schema.json"


@pytest.mark.parametrize(("kind", "path"), FILES, ids=[path.parent.name for _, path in FILES])
def test_every_file_keeps_to_its_schema_and_names_it(kind: str, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    jsonschema.Draft202012Validator(schema_of(kind)).validate(yaml.safe_load(text))
    target = text.split("$schema=", 1)[1].split()[0]
    assert (path.parent / target).resolve() == ROOT / "docs" / "schema" / f"{kind}.schema.json"


def test_the_schema_refuses_what_the_loader_refuses() -> None:
    page = yaml.safe_load((ROOT / "exercises" / "05_say_after" / "exercise.yaml").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema_of("exercise"))
    check = page["entries"]["together"]["checks"][0]
    for change in ({"paralel": "get[*]"}, {"kind": "calls"}, {"parallel": "say_after[*]"}):
        check.update(change)
        assert not validator.is_valid(page)
        for key in change:
            del check[key]
    assert validator.is_valid(page)
