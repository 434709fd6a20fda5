"""What a cell has drawn is closed at its end, as in a kernel: the next begins with no figure, and there are never too many.

A kernel shows them as well, where they are drawn; here nobody looks at what a learner has drawn, and for what an author draws
there is a kernel.
"""

import sys
from contextlib import suppress


def close() -> None:
    """Of `matplotlib.pyplot`, if it is there; it is the program's own then, and may be anything."""
    helpers = sys.modules.get("matplotlib._pylab_helpers")
    with suppress(Exception):
        if helpers is not None:
            helpers.Gcf.destroy_all()
