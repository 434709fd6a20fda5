"""Where a cluster is, as `--cluster` says: one that there is, or one that is started here; and how it is spoken to.

Raises UsageError before anything is done for what cannot be meant, and within seconds where nobody answers.
"""

import asyncio
import logging
import re
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from grader.errors import UsageError
from grader.run.interrupts import put_off

ANSWER = 10.0  # real seconds for a scheduler to answer
_ADDRESS = re.compile(r"(tcp|tls)://.+:[0-9]+")
_LOCAL = re.compile(r"local:([1-9][0-9]{0,3})")
_FORMS = "say tcp://HOST:PORT, tls://HOST:PORT, or local:N"


@dataclass(frozen=True, slots=True)
class Keys:
    """The files that say who may speak with the cluster; None where dask's own configuration is to say it."""

    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None

    def given(self) -> dict[str, Path]:
        named = {"--tls-ca": self.ca, "--tls-cert": self.cert, "--tls-key": self.key}
        return {name: path for name, path in named.items() if path is not None}


class Place(Protocol):
    """A cluster that can be spoken to."""

    @property
    def address(self) -> str:
        """How it is called in messages."""

    @property
    def patience(self) -> float:
        """Real seconds in which it has a worker, if it ever has one."""

    def connect(self) -> Any:
        """A client. Raises UsageError where nobody answers."""

    def keep(self) -> None:
        """Called now and then: what has ended and is ours is started again."""

    def again(self) -> bool:
        """The scheduler is gone: whether it was started again."""


@dataclass(frozen=True, slots=True)
class There:
    """Somebody else's, which is left as it is."""

    address: str
    keys: Keys
    patience: float = ANSWER

    def connect(self) -> Any:
        security = self._security()
        _reach(self.address)
        _hear(self.address, security)
        return connected(self.address, security)

    def _security(self) -> Any:
        """What is not given here stands in dask's configuration. Raises UsageError where there are no keys, or no good ones."""
        from distributed.security import Security

        if not self.address.startswith("tls://"):
            return None
        names = {"--tls-ca": "tls_ca_file", "--tls-cert": "tls_client_cert", "--tls-key": "tls_client_key"}
        files = {names[name]: str(path) for name, path in self.keys.given().items()}
        security = Security(require_encryption=True, **files)
        try:
            context = security.get_connection_args("client")["ssl_context"]
        except (OSError, ValueError) as error:  # OSError: ssl's own is one
            raise UsageError(f"{self.address}: the keys cannot be used: {error}") from None
        if context is None:
            raise UsageError(f"{self.address}: it needs keys; name them with --tls-ca, --tls-cert and --tls-key")
        return security

    def keep(self) -> None:
        """They are not ours."""

    def again(self) -> bool:
        return False


def _reach(address: str) -> None:
    """Whether anybody listens: dask would try again and again until the time is up. Raises UsageError."""
    host, _, port = address.partition("://")[2].rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=ANSWER).close()
    except (OSError, OverflowError, ValueError) as error:
        raise UsageError(_unreached(address, getattr(error, "strerror", None) or str(error))) from None


def _hear(address: str, security: Any) -> None:
    """Whether who listens speaks as a scheduler does: for that dask itself waits without end. Raises UsageError."""
    from distributed.comm import connect

    arguments = security.get_connection_args("client") if security is not None else {}

    async def greet() -> None:
        (await connect(address, timeout=ANSWER, **arguments)).abort()

    async def in_time() -> None:
        await asyncio.wait_for(greet(), ANSWER)

    _quiet()
    try:
        asyncio.run(in_time())
    except TimeoutError:
        reason = f"somebody listens there, and says nothing within {ANSWER:g} s"
        raise UsageError(_unreached(address, reason)) from None
    except (OSError, ValueError, TypeError):
        return  # which the client tells, with its reason


def connected(address: str, security: Any) -> Any:
    """All goes through the scheduler: no worker has to be reachable from here."""
    from distributed import Client

    _quiet()
    client = None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # other versions of what dask is made of, which it bears
        try:
            with put_off():  # one that is interrupted while it begins waits for twenty seconds when it is thrown away
                client = Client(
                    address,
                    security=security,
                    timeout=ANSWER,
                    set_as_default=False,
                    direct_to_workers=False,
                    name="grader",
                )
        except (OSError, ValueError, TypeError) as error:
            raise UsageError(f"{_unreached(address, _why(error))}{_by_keys(address, error)}") from None
        except KeyboardInterrupt:
            if client is not None:
                from grader.cluster.session import parted

                parted(client)
            raise
    return client


def _by_keys(address: str, error: BaseException) -> str:
    """Somebody listens there, and keys may be why they do not understand each other; neither side is told so by dask."""
    if address.startswith("tls://"):
        return ", and that one authority has signed its certificate and yours"
    return "; if it was started with keys, its address begins with tls://" if "reset" in _why(error) else ""


def _quiet() -> None:
    """What matters is said by us, once. Some of dask's loggers have a level of their own."""
    for name in ("distributed", *logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


def _unreached(address: str, reason: str) -> str:
    return f"{address}: the scheduler cannot be reached ({reason}); see that it runs, and that this is its address"


def _why(error: BaseException) -> str:
    """The innermost reason: dask says only that the time is up."""
    cause = error
    while cause.__cause__ is not None or cause.__context__ is not None:
        cause = cause.__cause__ or cause.__context__ or cause
    return (str(cause) or str(error) or type(cause).__name__).splitlines()[0]


@contextmanager
def place(said: str, keys: Keys) -> Iterator[Place]:
    """Where `--cluster` says; what is started for it is gone at the end. Raises UsageError."""
    local = _LOCAL.fullmatch(said)
    _insist(said, keys, bool(local))
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise UsageError("--cluster needs dask.distributed; pip install 'asyncio-grader[cluster]'") from None
    if local is None:
        yield There(said, keys)
        return
    from grader.cluster.local import local_cluster

    with local_cluster(int(local[1])) as here:
        yield here


def _insist(said: str, keys: Keys, local: bool) -> None:
    if not local and _ADDRESS.fullmatch(said) is None:
        raise UsageError(f"--cluster {said}: there is no cluster of this name; {_FORMS}")
    given = keys.given()
    if given and not said.startswith("tls://"):
        raise UsageError(f"{', '.join(given)}: only a cluster at tls://HOST:PORT has keys; leave it out, or say tls://")
    missing = [name for name in ("--tls-ca", "--tls-cert", "--tls-key") if name not in given]
    if given and missing:
        raise UsageError(
            f"{', '.join(missing)} is missing; name all three, or none to take those of dask's configuration"
        )
    for name, path in given.items():
        try:
            path.open("rb").close()
        except OSError as error:
            raise UsageError(f"{name} {path}: cannot be read: {error.strerror}") from None
