"""Who is waited for at the end of an executor: threads that are there still, whatever their numbers are."""

from types import SimpleNamespace
from typing import Any

from grader.clock.reasons.waits import _executor


def thread(number: int, ident: int, alive: bool = True) -> Any:
    return SimpleNamespace(name=f"asyncio_{number}", ident=ident, is_alive=lambda: alive)


def test_one_that_has_ended_is_not_waited_for_though_another_has_its_number_by_now() -> None:
    threads = {7: thread(0, 7, alive=False), 8: thread(1, 7), 9: thread(2, 9)}
    loop = SimpleNamespace(_default_executor=SimpleNamespace(_threads=threads.values()))
    name: Any = SimpleNamespace(present=SimpleNamespace(idents={7, 9}, alone=True))
    said = _executor({"self": loop}, name)
    assert said.startswith("the end of its executor, and so for the thread asyncio_1, the thread asyncio_2")
