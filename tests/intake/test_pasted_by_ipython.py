"""What IPython takes before Python does: which prompts and indentation go, as with IPython itself, and what stays."""

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from grader.intake.pasted import plain

TAKEN = {
    "    x = 1\n    assert x": "x = 1\nassert x",
    "\n\n  x = 1\n  if x:\n      y": "\n\nx = 1\nif x:\n    y",
    ">>> x = 1\n>>> assert x == 1": "x = 1\nassert x == 1",
    "  >>> if 1:\n  ...     x = 1": "if 1:\n    x = 1",
    "In [1]: x = 2\n   ...: assert x == 2": "x = 2\nassert x == 2",
    "[ins] In [12]: x = 2\n          ...: x": "x = 2\nx",
}
STAYS = (
    "x = 1\nif x:\n    y = 2",
    "def f():\n    '''\n    >>> f()\n    1\n    '''\n    ...",
    "x = '''\n    a\n'''",
    "x[0]\n...",
    "",
    "   ",
)


@pytest.mark.parametrize("cell", TAKEN)
def test_it_is_taken_as_ipython_takes_it(cell: str) -> None:
    assert "\n".join(plain(cell.split("\n"))) == TAKEN[cell]
    assert TransformerManager().transform_cell(cell).strip() == TAKEN[cell].strip()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("cell", STAYS)
def test_all_else_stays_as_it_is(cell: str) -> None:
    assert "\n".join(plain(cell.split("\n"))) == cell
