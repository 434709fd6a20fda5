"""Scripted processes refuse what asyncio refuses, and take signals as asyncio's do."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from grader.referee.record import Record
from grader.referee.world import World
from grader.run.stage import Stage
from tests.staging import in_child, in_process, staged


class Process:
    shows = ("returncode",)

    def __init__(self, world: World):
        self.key, self.returncode, self._world = "sh", None, world

    def send_signal(self, signal: int) -> None:
        self._world.publish(self, returncode=-signal)


def stage() -> Stage:
    heard: list[Any] = []
    made: dict[str, Any] = {}

    def build(world: World) -> list[Any]:
        async def create_subprocess_shell(command: Any, pipes: Any) -> Process:
            heard.append([command, pipes])
            return Process(world)

        async def create_subprocess_exec(command: Any, pipes: Any) -> Process:
            return await create_subprocess_shell(command, pipes)

        def said() -> list[Any]:
            return heard

        for function in (create_subprocess_shell, create_subprocess_exec):
            made[function.__name__] = world.function(function, function.__name__)
        return [world.function(said, "said")]

    found = staged(build)
    found.start["replaced"] = {name: found.referee.describe(function) for name, function in made.items()}
    return found


@pytest.fixture(params=[in_process, in_child], ids=["in-process", "child"])
def play(request: pytest.FixtureRequest) -> Callable[..., Record]:
    chosen: Callable[..., Record] = request.param
    return chosen


def program(*lines: str) -> str:
    return "import asyncio, signal\nasync def main(said):\n" + "".join(f"    {line}\n" for line in lines)


REFUSED = [
    ("shell('true', text=True)", "ValueError", "text must be False"),
    ("shell('true', universal_newlines=True)", "ValueError", "universal_newlines must be False"),
    ("shell('true', bufsize=1)", "ValueError", "bufsize must be 0"),
    ("shell('true', encoding='utf-8')", "ValueError", "encoding must be None"),
    ("shell('true', errors='replace')", "ValueError", "errors must be None"),
    ("shell('true', shell=False)", "ValueError", "shell must be True"),
    ("exec('true', shell=True)", "ValueError", "shell must be False"),
    ("exec('true', text=True)", "ValueError", "text must be False"),
    ("shell(['true'])", "ValueError", "cmd must be a string"),
    ("exec(['true'])", "TypeError", "expected str, bytes or os.PathLike object, not list"),
    ("exec('true', 1)", "TypeError", "expected str, bytes or os.PathLike object, not int"),
    ("shell('true', colour=1)", "TypeError", "Popen.__init__() got an unexpected keyword argument 'colour'"),
]


@pytest.mark.parametrize(("call", "kind", "message"), REFUSED)
def test_what_asyncio_refuses_is_refused_in_its_words(
    play: Callable[..., Record], call: str, kind: str, message: str
) -> None:
    record = play(program(f"await asyncio.create_subprocess_{call}"), stage())
    assert record.outcome.failure is not None
    assert (record.outcome.failure.type, record.outcome.failure.message) == (kind, message)


@pytest.mark.parametrize(("call", "kind", "message"), REFUSED)
def test_asyncio_itself_refuses_it_in_these_words(call: str, kind: str, message: str) -> None:
    async def main() -> None:
        await eval(f"asyncio.create_subprocess_{call}")

    with pytest.raises((TypeError, ValueError)) as found:
        asyncio.run(main())
    assert (type(found.value).__name__, str(found.value)) == (kind, message)


def test_nothing_is_refused_before_it_is_awaited(play: Callable[..., Record]) -> None:
    record = play(program("asyncio.create_subprocess_shell('true', text=True)", "return 'went on'"), stage())
    assert record.outcome.value == "went on"
    assert [(place.name, place.line) for place in record.facts.never_awaited] == [("create_subprocess_shell", 3)]


@pytest.mark.parametrize(
    ("call", "heard"),
    [
        ("shell('a b', None, asyncio.subprocess.PIPE)", ["a b", {"stdin": None, "stdout": "pipe", "stderr": None}]),
        ("shell(cmd=b'a b')", ["a b", {"stdin": None, "stdout": None, "stderr": None}]),
        ("shell('a', text=None, bufsize=0, cwd='/', limit=9)", ["a", {"stdin": None, "stdout": None, "stderr": None}]),
        (
            "exec('a', 'b', stderr=asyncio.subprocess.STDOUT)",
            [("a", "b"), {"stdin": None, "stdout": None, "stderr": "stdout"}],
        ),
    ],
)
def test_what_asyncio_takes_reaches_the_world(play: Callable[..., Record], call: str, heard: list[Any]) -> None:
    record = play(program(f"await asyncio.create_subprocess_{call}", "return said()"), stage())
    assert record.outcome.value == [heard]


def test_a_signal_arrives_as_its_number(play: Callable[..., Record]) -> None:
    lines = (
        "proc = await asyncio.create_subprocess_shell('true')",
        "proc.send_signal(signal.SIGTERM)",
        "await asyncio.sleep(0)",
    )
    record = play(program(*lines, "return proc.returncode"), stage())
    assert record.outcome.value == -15
