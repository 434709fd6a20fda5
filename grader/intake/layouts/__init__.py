"""The layouts of downloads, one a module, all with one interface; and which of them a folder has."""

from collections.abc import Mapping

from grader.errors import UsageError
from grader.intake.layouts import blackboard, canvas, classroom, files, folders, gradescope, moodle, nbgrader
from grader.intake.layouts.base import Layout, Setting
from grader.intake.tree import Folder
from grader.names import printable

__all__ = ["LAYOUTS", "layout_of"]

LAYOUTS: Mapping[str, Layout] = {
    module.LAYOUT.name: module.LAYOUT
    for module in (folders, files, canvas, moodle, gradescope, blackboard, classroom, nbgrader)
}


def layout_of(top: Folder, setting: Setting) -> Layout | None:
    """The layout that is surest of this folder; None if none sees anything in it. Raises UsageError if several are as sure."""
    seen = [(layout, found) for layout in LAYOUTS.values() if (found := layout.sure(top, setting))]
    if not seen:
        return None
    highest = max(found.level for _, found in seen)
    surest = [(layout, found) for layout, found in seen if found.level == highest]
    if len(surest) > 1:
        told = "; ".join(f"{layout.name} ({found.why})" for layout, found in surest)
        raise UsageError(
            f"{printable(str(top.path))}: it may be laid out in several ways: {told}; say which with --layout"
        )
    return surest[0][0]
