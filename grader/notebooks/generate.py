"""What nbgrader does differently at `nbgrader generate_assignment`: of an exercise's solution cell just the stub is left.

In a cell of anybody else's nbgrader's own stub takes the place of the solution, as the configuration says.
"""

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions

from grader.notebooks.items import is_solution


class ClearReferences(ClearSolutions):  # type: ignore[misc]
    """In place of nbgrader's ClearSolutions."""

    code_stub: Any  # a trait of its

    def preprocess_cell(self, cell: NotebookNode, resources: Any, index: int) -> tuple[NotebookNode, Any]:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        usual: dict[str, str] = dict(self.code_stub)
        if is_solution(name):
            self.code_stub = {**usual, "python": ""}  # the stub stands above
        try:
            found: tuple[NotebookNode, Any] = super().preprocess_cell(cell, resources, index)
        finally:
            self.code_stub = usual
        return found
