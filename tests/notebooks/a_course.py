"""A course of three small exercises, two of which ask for a function of the same name."""

from pathlib import Path
from textwrap import dedent

from tests.grading.test_grade import YAML

SHARED = (
    YAML.replace("two-waits", "same-name")
    .replace("together:", "main:")
    .replace("Write together.", "Write main.")
    .replace("one_by_one.py", "same.py")
)
LIMITED = YAML + "    limits: {cpu_seconds: 1, wall_seconds: 30}\n"


def write_course(folder: Path) -> Path:
    """Without a course.yaml, as exercises may be handed out."""
    for number, (slug, text) in enumerate(
        {"two-waits": LIMITED, "same-name": SHARED, "other-main": SHARED.replace("same-name", "other-main")}.items(), 1
    ):
        there = folder / "exercises" / f"{number:02}_{slug.replace('-', '_')}"
        there.mkdir(parents=True)
        (there / "exercise.yaml").write_text(dedent(text))
        stub = "together(say, a, b)" if slug == "two-waits" else "main(say, a, b)"
        (there / f"{slug.replace('-', '_')}.py").write_text(f"async def {stub}:\n    raise NotImplementedError\n")
    return folder
