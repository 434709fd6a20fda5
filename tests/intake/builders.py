"""Downloads as the platforms make them, one builder each; what they hold is the test's."""

import io
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.intake.taking import put

Files = Mapping[str, str]
PROGRAM: Files = {"say_after.py": "pass\n"}


def canvas(
    top: Path, who: str, user: int, file: str = "say_after.py", *, late: bool = False, attachment: int = 7
) -> Path:
    return put(top / f"{who}{'_LATE' * late}_{user}_{attachment}_{file}")


def moodle(top: Path, who: str, number: int, files: Files = PROGRAM, *, trailing: str = "", flat: bool = False) -> None:
    head = f"{who}_{number}_assignsubmission_file{trailing}"
    for name, content in files.items():
        put(top / (f"{head}_{name}" if flat else f"{head}/{name}"), content)


def gradescope(export: Path, submissions: Mapping[str, Mapping[str, Any]], files: Files = PROGRAM) -> None:
    """`submissions` is what stands in the metadata, by the folder's name; its keys get their colons here."""
    told = {name: _coloned(about) for name, about in submissions.items()}
    put(export / "submission_metadata.yml", yaml.safe_dump(told, allow_unicode=True))
    for folder in submissions:
        for name, content in files.items():
            put(export / folder / name, content)


def _coloned(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {f":{key}": _coloned(inner) for key, inner in value.items()}
    return [_coloned(inner) for inner in value] if isinstance(value, list) else value


def blackboard(
    top: Path, name: str, user: str, stamp: str, files: Files = PROGRAM, *, comment: str = "", listed: bool = True
) -> Path:
    head = f"Week 1_{user}_attempt_{stamp}"
    saved = {original: f"{head}_{original.replace(' ', '')}" for original in files}
    rows = "".join(f"\tOriginal filename: {original}\n\tFilename: {saved[original]}\n" for original in saved if listed)
    for original, content in files.items():
        put(top / saved[original], content)
    return put(
        top / f"{head}.txt",
        f"Name: {name} ({user})\nAssignment: Week 1\nDate Submitted: Friday, November 6, 2026 10:11:12 AM EST\n"
        f"Current Grade: Needs Grading\n\nSubmission Field:\nThere is no student submission text data.\n\n"
        f"Comments:\n{comment or 'There are no student comments for this assignment.'}\n\nFiles:\n{rows}",
    )


def classroom(top: Path, repository: str, files: Files = PROGRAM) -> None:
    put(top / repository / ".git" / "HEAD", "ref: refs/heads/main\n")
    put(top / repository / ".gitignore", "*.pyc\n")
    for name, content in files.items():
        put(top / repository / name, content)


def nbgrader(
    top: Path, student: str, assignment: str, files: Files = PROGRAM, stamp: str | None = "2026-11-06 10:11:12 UTC"
) -> None:
    if stamp is not None:
        put(top / student / assignment / "timestamp.txt", stamp)
    for name, content in files.items():
        put(top / student / assignment / name, content)


def zipped(path: Path, files: Iterable[tuple[str, bytes]] = (("say_after.py", b"pass\n"),)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return path


def tarred(path: Path, files: Iterable[tuple[str, bytes]] = (("say_after.py", b"pass\n"),), mode: Any = "w") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, mode) as archive:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def zip_of(folder: Path, path: Path) -> Path:
    """The archive that a platform makes of a folder."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return zipped(path, ((file.relative_to(folder).as_posix(), file.read_bytes()) for file in files))
