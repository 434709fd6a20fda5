"""Options that say on which cluster a class is graded, and what becomes of them: where programs run, and who plays them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from grader.cli.isolation_options import level_for
from grader.errors import UsageError

if TYPE_CHECKING:
    from grader.cluster.cluster import Cluster
    from grader.course.model import Course, Exercise

F = TypeVar("F", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path)


def cluster_options(command: F) -> F:
    """`--cluster` and its keys, as one argument `cluster`: what was said, or None, and the three files."""
    for name, what in (("key", "The key that belongs to it"), ("cert", "Our certificate"), ("ca", "Who signed theirs")):
        command = click.option(f"--tls-{name}", metavar="PEM", type=_FILE, help=f"For tls://... {what}.")(command)
    return click.option(
        "--cluster",
        metavar="WHERE",
        envvar="GRADER_CLUSTER",
        help="Grade on a cluster of dask: tcp://HOST:PORT or tls://HOST:PORT, or local:N for one here (docs/cluster.md).",
    )(command)


@contextmanager
def graders(
    said: str | None,
    tls: tuple[Path | None, Path | None, Path | None],
    course: "Course",
    exercises: "Sequence[Exercise]",
    *,
    isolation: str,
    required: str | None,
    jobs: int | None,
) -> "Iterator[tuple[str, Cluster | None]]":
    """The level of isolation, and the cluster, None where this machine grades itself. Raises UsageError."""
    if said is None:
        if any(tls):
            raise UsageError("--tls-ca, --tls-cert and --tls-key are for a cluster; name it with --cluster")
        yield level_for(isolation, required), None
        return
    if jobs is not None:
        raise UsageError("--jobs is for this machine; how many a cluster grades at once its workers say")
    if isolation == "in-process":
        raise UsageError("--isolation in-process is for this machine; leave it out, or name a level")
    from grader.cluster.place import Keys, place

    with place(said, Keys(*tls)) as where:
        cluster = _opened(where, course, exercises, isolation, required)
        try:
            yield cluster.isolation, cluster
        finally:
            cluster.close()


def _opened(
    where: Any, course: "Course", exercises: "Sequence[Exercise]", isolation: str, required: str | None
) -> "Cluster":
    from grader.cluster.cluster import Cluster

    def tell(line: str) -> None:
        click.echo(f"grader: {line}", err=True)

    return Cluster(where, course, exercises, isolation=isolation, required=required, tell=tell)
