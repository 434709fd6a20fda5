"""The JSON Schema of the course's files, for editors; made from the structs, so that the two cannot part.

Authors do not write a check's kind; in the schema too, the key that names it is what tells one check from another.
"""

from typing import Any

import msgspec

from grader.course.kinds import KINDS, TAG
from grader.course.model import CourseFile, ExerciseFile, HiddenFile
from grader.course.proof_values import DRAWS

FILES: dict[str, type[msgspec.Struct]] = {"exercise": ExerciseFile, "course": CourseFile, "hidden": HiddenFile}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(name: str) -> dict[str, Any]:
    """The schema of `exercise.yaml`, `course.yaml` or `hidden.yaml`, by the name without its ending."""
    (top,), parts = msgspec.json.schema_components([FILES[name]], ref_template="#/$defs/{name}")
    parts = {part: _described(_untagged(part, spec)) for part, spec in sorted(parts.items())}
    if "Draw" in parts:
        parts["Draw"]["oneOf"] = [{"required": [kind]} for kind in DRAWS]
    return {"$schema": _DIALECT, "title": f"{name}.yaml", **top, "$defs": _without_discriminator(parts)}


def _untagged(part: str, spec: dict[str, Any]) -> dict[str, Any]:
    if part not in {check.__name__ for check in KINDS.values()}:
        return spec
    properties = {key: value for key, value in spec["properties"].items() if key != TAG}
    return {**spec, "properties": properties, "required": [key for key in spec["required"] if key != TAG]}


def _described(spec: dict[str, Any]) -> dict[str, Any]:
    """Docstrings wrap for a source file; an editor wraps by itself."""
    if "description" in spec:
        return {**spec, "description": " ".join(spec["description"].split())}
    return spec


def _without_discriminator(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_discriminator(item) for key, item in value.items() if key != "discriminator"}
    return [_without_discriminator(item) for item in value] if isinstance(value, list) else value
