"""What commands write: whole files, in folders that are made for them."""

from contextlib import suppress
from pathlib import Path

from grader.errors import UsageError


def put(path: Path, content: bytes, instead: str) -> None:
    """Raises UsageError where it cannot be written; `instead` completes "name ..."."""
    from grader.batch.atomic import write

    with suppress(OSError):  # what is wrong there, the file itself says better
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        write(path, content)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); name {instead}") from None
