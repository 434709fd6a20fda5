"""Names as people and platforms write them: shown anywhere, compared as people compare them, ordered as people sort them."""

import os
import unicodedata


def printable(name: str) -> str:
    """A file's name as text that can be written anywhere; bytes that are no UTF-8 are spelled out."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def learner_name(name: str) -> str:
    """A file's name as a learner's: printable, and composed (NFC), whatever the file system made of its accents."""
    return unicodedata.normalize("NFC", printable(name))


def alike(name: str) -> str:
    """Equal for names that differ in case, composition or spaces only."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def turned(name: str) -> str:
    """`Lovelace, Ada` as `Ada Lovelace`; empty for a name that is not written so."""
    last, comma, first = name.partition(",")
    parts = first.strip(), last.strip()
    return " ".join(parts) if comma and all(parts) and "," not in first else ""


def sorting(name: str) -> tuple[str, str]:
    """Alphabetical whatever the case and the accents (`Émile` beside `Emil`), and never ambiguous."""
    if name.isascii():
        return name.lower(), name
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    return plain.casefold(), name
