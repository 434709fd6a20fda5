"""Texts of the learner's program, made fit to be reported: short, and of whole characters."""

MAX_NAME = 200


def name(text: object) -> str:
    """A name for a report; a program may have set it to anything."""
    return whole(str(text) if isinstance(text, str) else "?")[:MAX_NAME]


def whole(text: str) -> str:
    """Without halves of characters (lone surrogates), which no encoding can carry."""
    return text.encode("utf-8", "replace").decode()
