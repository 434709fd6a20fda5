"""Dates by which something is due: a wall clock's time in a time zone, so that it is one moment for everybody.

Where clocks are put back a time of day comes twice, and where they are put forward one is left out: of what may be meant it is
always the later moment.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_DUE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?)\s*(\S.*)?)?")
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")
EXAMPLE = "'2026-03-01 23:59 Europe/Berlin'"


def read_due(text: str) -> datetime:
    """The moment that `text` names. Raises ValueError, with what is wrong and what to do."""
    found = _DUE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"is no date; write it as {EXAMPLE}")
    date, time, zone = found.groups()
    if time is None:
        raise ValueError(f"has no time of day; write it as {EXAMPLE}")
    if zone is None:
        raise ValueError(f"has no time zone; write it as {EXAMPLE}, or with 'Z' or '+01:00' at its end")
    try:
        wall = datetime.fromisoformat(f"{date}T{time}")
    except ValueError:
        raise ValueError(f"is no date that there is; write it as {EXAMPLE}") from None
    if not 1970 <= wall.year <= 2999:
        raise ValueError("is not between 1970 and 2999; check the year")
    due = wall.replace(tzinfo=_zone(zone))
    if due.astimezone(UTC).astimezone(due.tzinfo).replace(tzinfo=None) != wall:
        raise ValueError("does not exist: clocks are put forward then; write a time an hour later")
    return latest(due)


def _zone(name: str) -> tzinfo:
    if name in ("Z", "UTC"):
        return UTC
    offset = _OFFSET.fullmatch(name)
    if offset is not None:
        sign, hours, minutes = offset.groups()
        away = timedelta(hours=int(hours), minutes=int(minutes))
        if away < timedelta(hours=24):
            return timezone(-away if sign == "-" else away)
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # its own error for a name that is not there is a LookupError
        from zoneinfo import available_timezones

        from grader.course.nearest import nearest

        near = nearest(name, available_timezones())
        hint = f"; did you mean {near!r}?" if near else "; write one such as 'Europe/Berlin'"
        raise ValueError(f"names the time zone {name!r}, which there is not{hint}") from None


def latest(wall: datetime) -> datetime:
    """Of the moments that a wall clock's time may mean in its zone, the last."""
    return max((wall.replace(fold=fold) for fold in (0, 1)), key=lambda moment: moment.astimezone(UTC))


def days_later(due: datetime, days: int) -> datetime:
    """The same time of day, so many days on, by the wall clock there."""
    return latest(due.replace(fold=0) + timedelta(days=days))


def shown(due: datetime) -> str:
    """As an author writes it."""
    zone = str(due.tzinfo).removeprefix("UTC") or "UTC"
    return f"{due:%Y-%m-%d %H:%M}{f':{due:%S}' if due.second else ''} {zone}"
