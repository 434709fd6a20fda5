"""What `--cluster` may say, and what is said where it cannot be meant."""

import logging
import signal
import socket
import sys
from pathlib import Path

import pytest

from grader.cluster import local as local_module
from grader.cluster import place as place_module
from grader.cluster.local import Local
from grader.cluster.place import Keys, There, place
from grader.errors import UsageError

FORMS = "say tcp://HOST:PORT, tls://HOST:PORT, or local:N"


def refusal(said: str, keys: Keys | None = None) -> str:
    with pytest.raises(UsageError) as refused, place(said, keys or Keys()):
        pass
    return str(refused.value)


@pytest.mark.parametrize(
    "said", ["", "local", "local:0", "local:-1", "local:two", "tcp://host", "http://host:1", "host:1"]
)
def test_what_is_no_cluster_is_refused_with_the_forms(said: str) -> None:
    assert refusal(said) == f"--cluster {said}: there is no cluster of this name; {FORMS}"


@pytest.mark.parametrize("said", ["tcp://host:8786", "tcp://[::1]:8786"])
def test_an_address_is_taken_as_it_is(said: str) -> None:
    pytest.importorskip("distributed", reason="needs dask.distributed: pip install 'asyncio-grader[cluster]'")
    with place(said, Keys()) as found:
        assert found == There(said, Keys())


def test_keys_are_for_a_cluster_that_has_keys(tmp_path: Path) -> None:
    said = refusal("tcp://host:1", Keys(ca=tmp_path, key=tmp_path))
    assert said == "--tls-ca, --tls-key: only a cluster at tls://HOST:PORT has keys; leave it out, or say tls://"
    assert refusal("local:2", Keys(cert=tmp_path)).startswith("--tls-cert: only a cluster at tls://HOST:PORT has keys;")


def test_keys_are_three_files(tmp_path: Path) -> None:
    assert refusal("tls://host:1", Keys(ca=tmp_path)) == (
        "--tls-cert, --tls-key is missing; name all three, or none to take those of dask's configuration"
    )


def test_keys_are_files_that_can_be_read(tmp_path: Path) -> None:
    there = tmp_path / "there.pem"
    there.touch()
    missing = tmp_path / "missing.pem"
    assert refusal("tls://host:1", Keys(there, missing, there)) == (
        f"--tls-cert {missing}: cannot be read: No such file or directory"
    )


def test_keys_that_are_none_are_refused_before_anybody_is_asked(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="needs dask.distributed: pip install 'asyncio-grader[cluster]'")
    empty = tmp_path / "empty.pem"
    empty.touch()
    with pytest.raises(UsageError, match=r"^tls://127\.0\.0\.1:1: the keys cannot be used: "):
        There("tls://127.0.0.1:1", Keys(empty, empty, empty)).connect()
    with pytest.raises(UsageError, match=r"^tls://127\.0\.0\.1:1: it needs keys; name them with --tls-ca, "):
        There("tls://127.0.0.1:1", Keys()).connect()


def test_without_dask_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert refusal("tcp://host:1") == "--cluster needs dask.distributed; pip install 'asyncio-grader[cluster]'"


def test_no_logger_of_dasks_says_anything_beside_us(monkeypatch: pytest.MonkeyPatch) -> None:
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client", "distributed.core")]
    for logger in loggers:
        monkeypatch.setattr(logger, "level", logging.WARNING)
    place_module._quiet()
    assert [logger.level for logger in loggers] == [logging.CRITICAL] * 3
    assert logging.getLogger("distributes").level == logging.NOTSET


def test_who_listens_and_says_nothing_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="needs dask.distributed: pip install 'asyncio-grader[cluster]'")
    monkeypatch.setattr(place_module, "ANSWER", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(UsageError) as refused:
            There(address, Keys()).connect()
    reason = "the scheduler cannot be reached (somebody listens there, and says nothing within 0.05 s)"
    assert str(refused.value) == f"{address}: {reason}; see that it runs, and that this is its address"


@pytest.mark.parametrize(
    ("address", "reason", "hint"),
    [
        ("tls://h:1", "Stream is closed", ", and that one authority has signed its certificate and yours"),
        ("tcp://h:1", "Connection reset by peer", "; if it was started with keys, its address begins with tls://"),
        ("tcp://h:1", "timed out", ""),
    ],
)
def test_where_keys_may_be_why_a_scheduler_is_not_reached_that_is_said(
    monkeypatch: pytest.MonkeyPatch, address: str, reason: str, hint: str
) -> None:
    distributed = pytest.importorskip(
        "distributed", reason="needs dask.distributed: pip install 'asyncio-grader[cluster]'"
    )

    def refuse(*_: object, **__: object) -> None:
        raise OSError(reason)

    monkeypatch.setattr(distributed, "Client", refuse)
    with pytest.raises(UsageError) as refused:
        place_module.connected(address, None)
    said = f"{address}: the scheduler cannot be reached ({reason}); see that it runs, and that this is its address"
    assert str(refused.value) == said + hint


def test_ctrl_c_while_a_client_begins_comes_when_it_has_begun_and_it_says_goodbye(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One that is broken off is waited for when it is thrown away, for twenty seconds."""
    distributed = pytest.importorskip(
        "distributed", reason="needs dask.distributed: pip install 'asyncio-grader[cluster]'"
    )
    done = list[str]()

    class Client:
        def __init__(self, *_: object, **__: object) -> None:
            signal.raise_signal(signal.SIGINT)
            done.append("begun")

        def close(self, timeout: float) -> None:
            done.append("goodbye")

    monkeypatch.setattr(distributed, "Client", Client)
    with pytest.raises(KeyboardInterrupt):
        place_module.connected("tcp://h:1", None)
    assert done == ["begun", "goodbye"]


@pytest.mark.parametrize("role", ["scheduler", "worker"])
def test_ctrl_c_while_a_process_of_ones_own_cluster_is_started_comes_when_it_is_known(
    role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, ended = Local(1, "", None), list[str]()

    def process(self: Local, what: str, number: int) -> str:
        if what == role:
            signal.raise_signal(signal.SIGINT)
        return what

    monkeypatch.setattr(Local, "_process", process)
    monkeypatch.setattr(local_module, "_heard", lambda _: "tcp://h:1")
    monkeypatch.setattr(local_module, "_end", ended.extend)
    with pytest.raises(KeyboardInterrupt):
        here.start()
    here.close()
    assert ended == (["scheduler"] if role == "scheduler" else ["worker", "scheduler"])
