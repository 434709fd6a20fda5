"""The words that the models are made of: texts of a given form, and the base of everything that is read from YAML.

A `Value` is plain data or, where it is a string that begins with `=`, an expression over the case's values.
"""

from typing import Annotated, Any, Literal

import msgspec

Value = Any


def form(pattern: str, description: str | None = None) -> msgspec.Meta:
    """The form of a text. `grader.course.shapes` holds data to it, not msgspec: with its own `pattern` in a union with a
    list, Python crashes at exit (msgspec #717)."""
    return msgspec.Meta(extra_json_schema={"pattern": pattern}, description=description)


Expression = Annotated[str, form("^=", "an expression, e.g. '=max(a, b)'")]
Text = Annotated[str, form(r"\S")]
Slug = Annotated[str, form("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Selector = Annotated[
    str,
    form(
        r"^[a-z_]\w*(\[.*\])?$",
        "operations by name and key: 'get', 'get[*]', 'get[{url}]', where {...} holds an expression",
    ),
]
Points = Annotated[float, msgspec.Meta(ge=0, le=10**6)]
AllenRelation = Literal[
    "before",
    "after",
    "meets",
    "met_by",
    "overlaps",
    "overlapped_by",
    "starts",
    "started_by",
    "during",
    "contains",
    "finishes",
    "finished_by",
    "equals",
]
HygieneRule = Literal[
    "never_awaited", "orphan_task", "lost_exception", "blocking_call", "open_async_generator", "swallowed_cancel"
]
Event = Literal[
    "never_awaited",
    "awaited_twice",
    "background_at_return",
    "nested_run",
    "blocking_call",
    "lost_exception",
    "redundant_task",
    "deadlock",
    "livelock",
    "busy_loop",
    "missing",
    "wrong_kind",
    "import_error",
    "unclosed_bracket",
    "raised",
    "refused",
]


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that is read from YAML."""
