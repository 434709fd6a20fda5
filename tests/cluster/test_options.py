"""What `grader grade` says to options that do not go together."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.batch.grading import GoneError, grade_all
from grader.batch.worker import Answer, Job, Terms, grade_job
from grader.cli import main
from grader.course.load import load_exercise
from grader.intake.model import Handed

ROOT = Path(__file__).parents[2]


def run(tmp_path: Path, *options: str) -> Result:
    (tmp_path / "class" / "ann").mkdir(parents=True)
    return CliRunner().invoke(
        main, ["grade", str(tmp_path / "class"), "--course", str(ROOT), "--out", str(tmp_path), *options]
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--tls-ca", "a"), "--tls-ca, --tls-cert and --tls-key are for a cluster; name it with --cluster"),
        (
            ("--cluster", "tcp://h:1", "--jobs", "2"),
            "--jobs is for this machine; how many a cluster grades at once its workers say",
        ),
        (
            ("--cluster", "tcp://h:1", "--isolation", "in-process"),
            "--isolation in-process is for this machine; leave it out, or name a level",
        ),
        (
            ("--cluster", "here"),
            "--cluster here: there is no cluster of this name; say tcp://HOST:PORT, tls://HOST:PORT, or local:N",
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused_before_anything_is_read(
    tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    found = run(tmp_path, *options)
    assert (found.exit_code, found.stderr) == (2, f"grader: {said}\n")


def test_what_arrived_before_a_cluster_was_gone_stands(tmp_path: Path) -> None:
    exercise = load_exercise(ROOT / "exercises" / "05_say_after")
    handed = [Handed(name, "say-after", f"/nowhere/{name}.py", f"{name}.py") for name in ("ann", "bob")]
    asked: list[bool] = []

    class Gone:
        def graded(self, jobs: Sequence[Job], *, alone: bool) -> Iterator[tuple[Job, Answer]]:
            asked.append(alone)
            yield jobs[0], grade_job(jobs[0])
            raise GoneError("the scheduler is gone")

    found = grade_all(handed, {"say-after": exercise}, Terms(), done=lambda line: None, workers=1, elsewhere=Gone())
    assert ([handed.learner for handed in found.standings], found.gone, found.interrupted) == (
        ["ann"],
        "the scheduler is gone",
        False,
    )
    assert asked == [False]
