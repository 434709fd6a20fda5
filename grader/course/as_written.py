"""YAML whose words and numbers stay as they are written: the student number 0123 is no octal, and `No` may be a name."""

from typing import Any

import yaml

_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEPT = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")


class _Loader(_BASE):  # type: ignore[misc]
    """Only dates, and what is nothing, are more than text."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        first: [(tag, pattern) for tag, pattern in resolvers if tag in _KEPT]
        for first, resolvers in _BASE.yaml_implicit_resolvers.items()
    }


def load_as_written(data: bytes) -> Any:
    """Raises yaml.YAMLError, and ValueError for a date that is none."""
    return yaml.load(data, _Loader)
