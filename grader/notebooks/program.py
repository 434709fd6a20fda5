"""A notebook's program: the text of its code cells, put together as the intake does it with a notebook that is handed in."""

import json
from collections.abc import Iterable

from grader.intake.helpers import Beside
from grader.intake.notebook import module_of_notebook


def program_of(cells: Iterable[str | None], beside: Beside | None = None) -> bytes:
    """The module of these cells, None for one that is no program of the learner's and counts in the numbering alone.

    `beside`: the files that they may import. Raises NotebookError where there is no code, or too much of it.
    """
    made = [{"cell_type": "raw" if text is None else "code", "source": text or ""} for text in cells]
    return module_of_notebook(json.dumps({"nbformat": 4, "cells": made}).encode(), beside)
