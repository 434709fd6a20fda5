"""A notebook of a format of before, as one of today's; the same each time, so its cells have no ids."""

from collections.abc import Mapping
from typing import Any

from grader.errors import UsageError

OLD = (2, 3)
_WITHOUT_IDS = 4  # the last minor format whose cells need none


def of_today(book: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Raises UsageError where nbformat is not installed, or cannot do it."""
    try:
        import nbformat
    except ImportError:
        raise UsageError(
            f"{name}: a notebook of an old format; save it again with a Jupyter of today, or pip install nbformat"
        ) from None
    try:
        made = nbformat.convert(nbformat.from_dict(book), 4)  # type: ignore[no-untyped-call]
    except Exception:  # whatever nbformat stumbles over
        raise UsageError(
            f"{name}: a notebook of an old format, and not as that has it; save it again with a Jupyter of today"
        ) from None
    cells = [{key: value for key, value in cell.items() if key != "id"} for cell in made["cells"]]
    return {**made, "cells": cells, "nbformat_minor": _WITHOUT_IDS}
