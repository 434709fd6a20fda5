"""Who grades: workers that were asked and are alike, whenever they join."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from grader.cluster.messages import Hello, Ready, Report, Stamp
from grader.errors import UsageError

pytest.importorskip("distributed", reason="needs dask.distributed: pip install 'asyncio-grader[cluster]'")

from grader.cluster.crew import Crew, machine
from tests.cluster.fakes import FakeClient, able

STAMP = Stamp("1.2", "c0de", "3.11", {})
ONE, TWO = "tcp://10.0.0.1:41", "tcp://10.0.0.2:42"
Answer = Callable[[str, Hello], Ready | Exception]


def crew_of(workers: dict[str, int], ready: Answer, isolation: str = "child") -> tuple[Crew, FakeClient]:
    client = FakeClient(workers, ready, lambda address, chunk: Report(address))
    return Crew(client, STAMP, isolation), client


def each(**levels: Ready | Exception) -> Answer:
    return lambda address, hello: levels["one" if address == ONE else "two"]


def refusal(ready: Answer, required: str | None = None, isolation: str = "child") -> str:
    crew, client = crew_of({ONE: 1, TWO: 1}, ready, isolation)
    with pytest.raises(UsageError) as refused:
        crew.muster(required)
    assert client.resources == {}  # nobody can be given work
    return str(refused.value)


def test_workers_that_are_alike_are_given_as_much_as_they_have_threads() -> None:
    crew, client = crew_of({ONE: 1, TWO: 4}, able(STAMP))
    crew.muster(None)
    assert crew.threads == {ONE: 1, TWO: 4}
    assert [client.resources[address][crew.resource] for address in (ONE, TWO)] == [1, 4]
    assert (crew.isolation, crew.warnings) == ("A", [])


def test_one_worker_of_each_machine_is_for_what_has_to_be_alone() -> None:
    crew, client = crew_of({"tcp://m:1": 1, "tcp://m:2": 1, "tcp://n:1": 1}, able(STAMP))
    crew.muster(None)
    assert sorted(at for at, has in client.resources.items() if crew.alone in has) == ["tcp://m:1", "tcp://n:1"]
    del client.workers["tcp://m:1"]
    crew.watch(pytest.fail)
    assert crew.alone in client.resources["tcp://m:2"]


def test_a_worker_that_differs_is_named_and_nothing_is_graded() -> None:
    said = refusal(each(one=Ready(STAMP, "A"), two=Ready(replace(STAMP, python="3.13"), "A")))
    assert said == (
        "nothing was graded, because not every worker can do it:\n"
        "tcp://10.0.0.2:42: it runs Python 3.13, and here is 3.11; start it with Python 3.11"
    )


def test_a_worker_without_the_grader_is_told_what_to_install() -> None:
    missing = Exception("""ModuleNotFoundError("No module named 'grader'")""")  # as dask brings it
    assert refusal(each(one=Ready(STAMP, "A"), two=missing)).splitlines()[1] == (
        "tcp://10.0.0.2:42: the grader is not installed there; pip install 'asyncio-grader[cluster]==1.2' there, and "
        "start it again"
    )


def test_a_worker_that_gives_no_answer_is_named_with_what_it_gave() -> None:
    said = refusal(each(one=OSError("lost"), two=Ready(STAMP, "A")))
    assert said.splitlines()[1] == "tcp://10.0.0.1:41: it gave no answer (lost)"


def test_a_worker_that_refuses_says_why_and_how_it_differs() -> None:
    said = refusal(each(one=Ready(STAMP, "A"), two=Ready(replace(STAMP, code="0ld"), refused="no packages")))
    assert said.splitlines()[1].startswith("tcp://10.0.0.2:42: it has other code of grader 1.2 (0ld) ")
    assert said.endswith("; no packages")


def test_a_level_that_is_required_and_cannot_be_had_fails_closed_with_the_address() -> None:
    two = Ready(STAMP, "B", reasons=("isolation A cannot be had there: no namespaces",))
    assert refusal(each(one=Ready(STAMP, "A"), two=two), required="A").splitlines()[1] == (
        "tcp://10.0.0.2:42: isolation A is required, and it would be B; isolation A cannot be had there: no namespaces"
    )
    none = Ready(STAMP, "none", reasons=("isolation A: no", "isolation B: no"))
    assert refusal(each(one=Ready(STAMP, "A"), two=none), required="B").splitlines()[1].startswith(TWO)


def test_a_level_that_is_required_is_enough_and_a_better_one_too() -> None:
    for level in ("A", "B"):
        crew, _ = crew_of({ONE: 1}, able(STAMP, level))
        crew.muster("B")
        assert crew.isolation == level


def test_all_play_at_the_level_that_all_have() -> None:
    crew, _ = crew_of({ONE: 1, TWO: 1}, each(one=Ready(STAMP, "A"), two=Ready(STAMP, "B")))
    crew.muster(None)
    assert (crew.isolation, crew.warnings) == ("B", [])


def test_no_isolation_at_all_is_warned_of_with_the_reasons() -> None:
    crew, _ = crew_of({ONE: 1}, able(STAMP, "none", "isolation A cannot be had there: no"))
    crew.muster(None)
    assert crew.warnings == [
        "tcp://10.0.0.1:41: isolation A cannot be had there: no",
        "isolation none: grade so only programs that you trust (docs/isolation.md)",
    ]


def test_a_worker_that_joins_later_is_asked_before_it_gets_work() -> None:
    told: list[str] = []
    crew, client = crew_of({ONE: 1}, each(one=Ready(STAMP, "A"), two=Ready(STAMP, "A")))
    crew.muster(None)
    client.workers[TWO] = 2
    assert crew.watch(told.append)
    assert not crew.watch(told.append)
    assert (client.resources[TWO][crew.resource], crew.threads, told) == (2, {ONE: 1, TWO: 2}, [])


def test_a_worker_that_joins_later_and_differs_gets_no_work_and_is_told_once() -> None:
    told: list[str] = []
    crew, client = crew_of({ONE: 1}, each(one=Ready(STAMP, "A"), two=Ready(replace(STAMP, python="3.12"), "A")))
    crew.muster(None)
    client.workers[TWO] = 1
    for _ in range(3):
        crew.watch(told.append)
    assert told == [f"{TWO}: it runs Python 3.12, and here is 3.11; start it with Python 3.11; it gets no work"]
    assert TWO not in client.resources
    assert crew.threads == {ONE: 1}


def test_a_worker_that_joins_later_is_asked_for_the_level_that_was_found() -> None:
    asked: list[str] = []

    def ready(address: str, hello: Hello) -> Ready:
        asked.append(hello.isolation)
        return Ready(STAMP, "A")

    crew, client = crew_of({ONE: 1}, ready)
    crew.muster(None)
    client.workers[TWO] = 1
    crew.watch(pytest.fail)
    assert asked == ["child", "A"]


def test_who_leaves_and_who_comes_is_a_change() -> None:
    crew, client = crew_of({ONE: 1}, able(STAMP))
    crew.muster(None)
    assert not crew.watch(pytest.fail)
    del client.workers[ONE]
    assert crew.watch(pytest.fail)
    assert crew.threads == {}
    client.workers[TWO] = 1
    assert crew.watch(pytest.fail)


def test_a_worker_that_was_started_again_at_its_address_is_asked_again() -> None:
    crew, client = crew_of({ONE: 1}, able(STAMP))
    crew.muster(None)
    del client.resources[ONE]
    assert crew.watch(pytest.fail)
    assert client.resources[ONE][crew.resource] == 1


def test_who_is_dismissed_gets_no_more_and_is_not_asked_again() -> None:
    crew, client = crew_of({ONE: 1, TWO: 1}, able(STAMP))
    crew.muster(None)
    crew.dismiss(ONE)
    crew.watch(pytest.fail)
    assert client.resources[ONE][crew.resource] == 0
    assert crew.threads == {TWO: 1}


def test_runs_that_differ_do_not_share_workers() -> None:
    here = Crew(None, STAMP, "A").resource
    assert here == Crew(None, STAMP, "A").resource
    assert here not in (Crew(None, replace(STAMP, code="0"), "A").resource, Crew(None, STAMP, "B").resource)


def test_a_machine_is_an_address_without_its_port() -> None:
    assert machine("tls://10.0.0.7:43211") == "10.0.0.7"
    assert machine("tcp://[::1]:43211") == "[::1]"
