"""A check in nbclient, which runs notebooks without anybody looking; and what a frontend that cannot be had here is given."""

import re
from typing import Any

import pytest

from tests.notebooks.a_course import write_course
from tests.notebooks.kernel import environment

pytestmark = pytest.mark.slow

CELLS = [
    "from grader.notebooks import check",
    "async def together(say, a, b):\n    return [await say(a, 'x'), await say(b, 'y')]",
    "check(together)",
    "%load_ext grader.notebooks",
    "%%check two-waits\nimport asyncio\nasync def together(say, a, b):\n"
    "    return await asyncio.gather(say(a, 'x'), say(b, 'y'))",
    "import asyncio\nawait asyncio.sleep(0)\ncheck(together)",
]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> list[list[dict[str, Any]]]:
    """What stands below each cell."""
    import nbformat
    from nbclient import NotebookClient

    course = write_course(tmp_path_factory.mktemp("course"))
    new: Any = nbformat.v4
    book = new.new_notebook(cells=[new.new_code_cell(cell) for cell in CELLS])
    client: Any = NotebookClient(book, kernel_name="python3", resources={"metadata": {"path": str(course)}})
    client.execute(env=environment())
    checked: Any = nbformat.validate
    checked(book)
    return [cell.outputs for cell in book.cells]


def test_feedback_is_one_output_as_a_page_and_as_text(played: list[list[dict[str, Any]]]) -> None:
    for at, points in ((2, "4 of 10 points"), (4, "10 of 10 points"), (5, "10 of 10 points")):
        [shown] = played[at]
        assert (shown["output_type"], set(shown["data"])) == ("display_data", {"text/html", "text/plain"})
        assert points in shown["data"]["text/html"]
        assert points in shown["data"]["text/plain"]
    assert [played[at] for at in (0, 1, 3)] == [[], [], []]


def test_the_page_needs_nothing_that_a_frontend_may_keep_from_it(played: list[list[dict[str, Any]]]) -> None:
    """VS Code shows outputs in a frame of its own: no files of the folder, no styles of Jupyter's, no scripts of a page's."""
    html = played[2][0]["data"]["text/html"]
    assert re.findall(r"<(?:script|link|img|iframe|object|embed|form)\b|\bon\w+=|url\(|@import|javascript:", html) == []
    assert {link.partition("/")[0] for link in re.findall(r'(?:href|src)="([^"]*)"', html)} <= {"https:"}
    [style] = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    rules = re.findall(r"([^{}]+)\{", re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL))
    assert [rule for rule in rules if not rule.strip().startswith((".asyncio-grader", "@"))] == []
    # each colour of Jupyter's is one of VS Code's there, and in any other frontend the page's own
    of_jupyters = re.findall(r"--\w+: (var\(--jp-[^;]*);", style)
    assert len(of_jupyters) >= 8
    assert [one for one in of_jupyters if one.count("var(") > 1 and "var(--vscode-" not in one] == []
    assert [one for one in of_jupyters if not re.search(r", [^(),]+(\([^()]*\))?\)+$", one)] == []
