"""The grades as a Parquet file, for whoever computes with them; needs pyarrow, which the extra `exports` brings."""

import io
from typing import Any

from grader.errors import UsageError
from grader.exports.sheet import Sheet

VERSION = "1"


def to_parquet(sheet: Sheet) -> bytes:
    """The rows of the sheet; `raw` and `adjusted` are null as there. Raises UsageError without pyarrow."""
    pa, parquet = _pyarrow()
    kinds = {
        "learner": pa.string(),
        "exercise": pa.string(),
        "verdict": pa.string(),
        "points": pa.float64(),
        "points_adjusted": pa.float64(),
        "max_points": pa.float64(),
        "late": pa.bool_(),
        "comment": pa.string(),
    }
    values = [
        (row.learner, row.exercise, row.standing, row.raw, row.adjusted, row.max_points, row.late, row.comment)
        for row in sheet.rows
    ]
    columns = list(zip(*values, strict=True)) or [()] * len(kinds)
    arrays = [pa.array(column, type=kind) for column, kind in zip(columns, kinds.values(), strict=True)]
    schema = pa.schema(list(kinds.items()), metadata={"grader_export": VERSION})
    out = io.BytesIO()
    parquet.write_table(pa.Table.from_arrays(arrays, schema=schema), out)
    return out.getvalue()


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise UsageError(
            "Parquet needs pyarrow, which is not installed; install it with pip install 'asyncio-grader[exports]'"
        ) from None
    return pyarrow, pyarrow.parquet
