"""Something frozen as a key, by what it is and not by what it is like: what is in it may have no hash.

What follows from it alone is found once for this very one, which is kept as long as that is.
"""

from typing import Generic, TypeVar

T = TypeVar("T")


class Same(Generic[T]):
    """Equal to another one of the same `it`."""

    __slots__ = ("it",)

    def __init__(self, it: T):
        self.it = it

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.it is other.it

    def __hash__(self) -> int:
        return id(self.it)
