"""What taking in a class costs, for a class and one ten times as large: CPU time a learner, which must not grow.

python -m bench.intake [LEARNERS]
"""

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from grader.course.load import load_course
from grader.course.model import Exercise
from grader.intake.roster import read_roster
from grader.intake.take import Asked, take_in
from grader.intake.unpack import scratch

Name = Callable[[int], str]
LAYOUTS: Mapping[str, Name] = {
    "folders": lambda at: f"u{at}/say_after.py",
    "canvas": lambda at: f"userx_{at}_7_say_after.py",
    "moodle": lambda at: f"User {at}_{at}_assignsubmission_file/say_after.py",
    "nbgrader": lambda at: f"u{at}/week1/say_after.py",
}


def write(top: Path, name: Name, learners: int) -> None:
    for at in range(learners):
        path = top / name(at)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("pass\n")


def write_roster(path: Path, learners: int) -> Path:
    rows = (f"{at},User {at},u{at}@example.org,u{at}\n" for at in range(learners))
    path.write_text("id,name,email,login\n" + "".join(rows))
    return path


def measured(layout: str, learners: int, exercises: tuple[Exercise, ...]) -> float:
    """Seconds of CPU time, the roster included."""
    with tempfile.TemporaryDirectory() as folder, scratch() as place:
        top = Path(folder) / "class"
        write(top, LAYOUTS[layout], learners)
        roster = write_roster(Path(folder) / "roster.csv", learners)
        began = time.process_time()
        intake = take_in([top], exercises, place, asked=Asked(layout, read_roster(roster)))
        took = time.process_time() - began
    if len(intake.handed) != learners:
        raise SystemExit(f"{layout}: {len(intake.handed)} of {learners} were taken in: {intake.strays[:3]}")
    return took


def main(learners: int) -> None:
    exercises = load_course(Path(__file__).parents[1]).exercises
    print(f"{'layout':10} {learners:>9,} {learners * 10:>9,}   a learner, the larger by the smaller")
    for layout in LAYOUTS:
        small, large = measured(layout, learners, exercises), measured(layout, learners * 10, exercises)
        print(f"{layout:10} {small:7.2f} s {large:7.2f} s   {large / small / 10:.2f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
