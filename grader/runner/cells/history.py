"""What a kernel keeps of the cells that were run: their texts in `In`, their values in `Out`, and the last of both by name.

A value is kept as long as there: a coroutine that a cell ends in is nobody's loss before the end.
"""

import os
from typing import Any

_UNDERSCORES = ("_", "__", "___")
_MOST = 1_000  # values, as in IPython
_CULLED = 200


class History:
    """Puts into `names` what IPython does. A program that gives `_` a value of its own keeps that."""

    def __init__(self, names: dict[str, Any]):
        self._names, self._builtins = names, vars(__import__("builtins"))
        self._texts: list[str] = [""]
        self._values: dict[int, Any] = {}
        self._last: list[Any] = ["", "", ""]
        names |= {"In": self._texts, "_ih": self._texts, "Out": self._values, "_oh": self._values}
        names |= dict.fromkeys((*_UNDERSCORES, "_i", "_ii", "_iii"), "") | {"_dh": [os.getcwd()]}

    def began(self, number: int, text: str) -> None:
        """The cell of that number, which is its place in `In`."""
        texts, names = self._texts, self._names
        before = [texts[-1], names.get("_i", ""), names.get("_ii", "")]
        texts += [""] * (number - len(texts))
        texts.append(text.rstrip("\n"))
        names |= dict(zip(("_i", "_ii", "_iii"), before, strict=True)) | {f"_i{number}": text.rstrip("\n")}

    def ended_in(self, number: int, value: Any) -> None:
        if value is self._values:
            return
        if len(self._values) >= _MOST:
            for old in sorted(self._values)[:_CULLED]:
                self._names.pop(f"_{old}", None)
                del self._values[old]
        names = self._names
        mine = all(name not in names or names[name] is was for name, was in zip(_UNDERSCORES, self._last, strict=True))
        self._last = [value, *self._last[:2]]
        if mine and "_" not in self._builtins:
            names.update(zip(_UNDERSCORES, self._last, strict=True))
        names[f"_{number}"] = self._values[number] = value
