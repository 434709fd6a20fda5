"""The JSON Schema says what the structs say, key by key, and nothing of kinds that authors do not write."""

import json
from typing import Any

import msgspec
import pytest
from msgspec import inspect as shape

from grader.course.kinds import KINDS
from grader.course.schema import FILES, schema_of


def structs_below(type_: Any, found: dict[str, shape.StructType]) -> dict[str, shape.StructType]:
    """Every struct that a file of this type can hold, by its name."""
    kind = shape.type_info(type_) if isinstance(type_, type) else type_
    if isinstance(kind, shape.Metadata):
        return structs_below(kind.type, found)
    if isinstance(kind, shape.StructType):
        if kind.cls.__name__ not in found:
            found[kind.cls.__name__] = kind
            for field in kind.fields:
                structs_below(field.type, found)
    elif isinstance(kind, shape.UnionType):
        for one in kind.types:
            structs_below(one, found)
    elif isinstance(kind, shape.ListType):
        structs_below(kind.item_type, found)
    elif isinstance(kind, shape.DictType):
        structs_below(kind.value_type, found)
    return found


@pytest.mark.parametrize("name", FILES)
def test_every_struct_and_no_other_is_in_the_schema(name: str) -> None:
    assert set(schema_of(name)["$defs"]) == set(structs_below(FILES[name], {}))


@pytest.mark.parametrize("name", FILES)
def test_every_key_of_every_struct_is_in_the_schema_and_no_other(name: str) -> None:
    parts = schema_of(name)["$defs"]
    for part, kind in structs_below(FILES[name], {}).items():
        assert set(parts[part]["properties"]) == {field.encode_name for field in kind.fields}, part
        assert parts[part]["additionalProperties"] is False, part


@pytest.mark.parametrize("name", FILES)
def test_the_keys_that_must_be_there_are_those_of_the_structs(name: str) -> None:
    parts = schema_of(name)["$defs"]
    for part, kind in structs_below(FILES[name], {}).items():
        assert set(parts[part]["required"]) == {field.encode_name for field in kind.fields if field.required}, part


def test_each_check_requires_the_key_that_names_its_kind() -> None:
    parts = schema_of("exercise")["$defs"]
    for tag, check in KINDS.items():
        assert tag in parts[check.__name__]["required"]
        assert tag in msgspec.structs.fields(check)[-1].name or tag in {f.name for f in msgspec.structs.fields(check)}


def test_authors_never_see_a_checks_tag() -> None:
    text = json.dumps(schema_of("exercise"))
    assert "discriminator" not in text
    assert all("kind" not in schema_of("exercise")["$defs"][check.__name__]["properties"] for check in KINDS.values())


def test_a_draw_has_exactly_one_kind() -> None:
    assert schema_of("exercise")["$defs"]["Draw"]["oneOf"] == [
        {"required": [kind]} for kind in ("number", "int", "word", "choice", "shuffle")
    ]


def test_patterns_and_descriptions_reach_the_editor() -> None:
    parts = schema_of("exercise")["$defs"]
    assert parts["ExerciseFile"]["properties"]["slug"]["pattern"] == "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
    assert parts["ParallelCheck"]["description"].startswith(
        "Each two of the selected operations shared a stretch of time"
    )
    assert "\n" not in parts["Operation"]["description"]


@pytest.mark.parametrize("name", FILES)
def test_a_schema_names_its_dialect_and_its_file(name: str) -> None:
    found = schema_of(name)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert found["title"] == f"{name}.yaml"
    assert found["$ref"] == f"#/$defs/{FILES[name].__name__}"


@pytest.mark.parametrize("name", FILES)
def test_no_form_of_a_text_is_left_to_msgspec(name: str) -> None:
    # msgspec's own `pattern`, in a union with a list, crashes the interpreter at exit (msgspec #717).
    for part, kind in structs_below(FILES[name], {}).items():
        for field in kind.fields:
            assert "pattern=" not in repr(field.type).replace("pattern=None", ""), f"{part}.{field.name}"
