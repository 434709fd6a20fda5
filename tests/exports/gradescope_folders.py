"""Gradescope's folders under a root of one's own: what is put there, and what is read from there."""

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import jsonschema

from tests.exports.test_gradescope import DOCUMENT

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"


def unpacked(content: bytes, root: Path) -> Path:
    """The zip in `root`/source, as the image's build does it."""
    source = root / "source"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(source)
        for entry in archive.infolist():
            (source / entry.filename).chmod(entry.external_attr >> 16 & 0o777)
    shutil.copy(source / "run_autograder", root / "run_autograder")
    return root


def submit(root: Path, *files: Path, metadata: Any = None) -> None:
    """Files, each called as its exercise is, in a fresh submission; results of an earlier one are gone."""
    for folder in ("submission", "results"):
        shutil.rmtree(root / folder, ignore_errors=True)
        (root / folder).mkdir()
    for file in files:
        name = (file.parent.parent if file.parent.name == "wrong" else file.parent).name.partition("_")[2]
        shutil.copy(file, root / "submission" / f"{name}.py")
    (root / "submission_metadata.json").write_text(json.dumps(metadata or {"users": [{"email": "ann@x.org"}]}))


def result(root: Path) -> dict[str, Any]:
    """What learners would see; it is what Gradescope documents."""
    found: dict[str, Any] = json.loads((root / "results" / "results.json").read_bytes())
    jsonschema.Draft202012Validator(DOCUMENT).validate(found)
    return found
