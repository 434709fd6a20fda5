"""Moments as the gradebook writes them: UTC, to the microsecond, always of one length, so that they sort as texts."""

from datetime import UTC, datetime

_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"


def written(moment: datetime) -> str:
    """Raises ValueError for a moment without a time zone: nobody could say when that was."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC).strftime(_FORM)


def read(text: str) -> datetime:
    return datetime.strptime(text, _FORM).replace(tzinfo=UTC)
