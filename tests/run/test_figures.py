"""A cell's figures are closed at its end, whether it fails or not."""

import pytest

from grader.run.levels import level_of
from grader.run.outside import Code, run_cells

_PYPLOT = """\
import sys, types
class Gcf:
    figs = {}
    @classmethod
    def destroy_all(cls):
        cls.figs.clear()
helpers = sys.modules["matplotlib._pylab_helpers"] = types.ModuleType("matplotlib._pylab_helpers")
helpers.Gcf = Gcf
"""


@pytest.mark.parametrize("fails", ["", "1 / 0"])
@pytest.mark.parametrize("draws", ["Gcf.figs[1] = 'drawn'", "Gcf.destroy_all = None"])
def test_the_next_cell_begins_with_none(draws: str, fails: str) -> None:
    texts = (_PYPLOT, f"Gcf.figs.update(a=1)\n{draws}\nassert Gcf.figs\n{fails}", "len(Gcf.figs)")
    codes = [Code(number, text, False) for number, text in enumerate(texts, 1)]
    ran = run_cells(codes, {}, level_of("child"), seconds=1, seed="a seed")
    expected = "0" if "drawn" in draws else "1"  # what is no pyplot's own is let alone
    assert [one["data"]["text/plain"] for one in ran.outputs[3]] == [expected]
    assert [one["ename"] for one in ran.outputs[2]] == (["ZeroDivisionError"] if fails else [])
