"""What the interpreter takes for seconds: a float, or a whole number, and nothing that is merely compared like one."""

import operator
from typing import Any


def seconds_of(given: Any) -> float:
    """The number that was given; raises TypeError in the words in which functions of C do."""
    return given if isinstance(given, float) else operator.index(given)
