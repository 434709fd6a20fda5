"""Which errors below a cell are isolation's doing, and which are the program's own."""

import pytest

from grader.notebooks.refused import refused

SEEN = {
    "RefusedError": "asyncio.start_server needs the network",
    "PermissionError": "[Errno 13] Permission denied: '/root'",
    "OSError": "[Errno 27] File too large",
    "FileNotFoundError": "[Errno 2] No such file or directory: '/srv/shared.csv'",
    "ModuleNotFoundError": "No module named 'pytest'",
    "KeyError": "'A_NAME_THAT_IS_SET'",
    "OperationalError": "unable to open database file",
}
NOT = {
    "AssertionError": "",
    "FileNotFoundError": "[Errno 2] No such file or directory: 'here.csv'",
    "ModuleNotFoundError": "No module named 'a_package_of_nobody'",
    "KeyError": "'a_name_that_is_not_set'",
    "OSError": "[Errno 9] Bad file descriptor",
    "OperationalError": "no such table: a",
}


def _error(name: str, text: str) -> list[dict[str, str]]:
    return [{"output_type": "stream", "name": "stdout"}, {"output_type": "error", "ename": name, "evalue": text}]


@pytest.mark.parametrize("name", SEEN)
def test_it_was_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_NAME_THAT_IS_SET", "1")
    assert refused(_error(name, SEEN[name])) == f"{name}: {SEEN[name]}"


@pytest.mark.parametrize("name", NOT)
def test_it_failed_by_itself(name: str) -> None:
    assert refused(_error(name, NOT[name])) == ""
