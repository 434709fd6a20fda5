"""Where a learner's page is: a name that any file system takes, the same each time, and never another learner's."""

import hashlib
import re
import unicodedata

_READABLE = 40  # characters of it that are the learner's own
_DIGITS = 12  # hexadecimal; so two of a million learners meet with a chance of one in five hundred, and only if they read alike


def page_of(learner: str) -> str:
    """`Zoë van der Berg` is at `zoe-van-der-berg-5d0c80ae1e0f`: readable as far as it is ASCII, and certain by its end."""
    digest = hashlib.sha256(learner.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
    plain = unicodedata.normalize("NFKD", learner).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", plain)[:_READABLE].strip("-")
    return f"{readable or 'learner'}-{digest}"
