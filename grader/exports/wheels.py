"""The grader as a wheel, made of what is installed here, and the wheels that it needs, where they can be had."""

import base64
import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path

import grader
from grader.errors import UsageError

PACKAGE = "asyncio-grader"
PLATFORMS = ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64")
PYTHONS = ("3.11", "3.12", "3.13")
_WHEEL = "Wheel-Version: 1.0\nGenerator: asyncio-grader\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_SECONDS = 300


def own_wheel() -> tuple[str, bytes]:
    """Its file name and content; an editable install gives the files as they stand. Raises UsageError without an install."""
    try:
        dist = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError:
        raise UsageError(f"the package {PACKAGE} is not installed here; install it with pip, and try again") from None
    name = f"{PACKAGE.replace('-', '_')}-{dist.version}"
    info = f"{name}.dist-info"
    files = dict(_files(Path(grader.__file__).parent))
    for part in ("METADATA", "entry_points.txt"):
        files[f"{info}/{part}"] = (dist.read_text(part) or "").encode()
    files[f"{info}/WHEEL"] = _WHEEL.encode()
    files[f"{info}/RECORD"] = _record(files, f"{info}/RECORD")
    return f"{name}-py3-none-any.whl", zipped(files)


def _files(package: Path) -> Iterable[tuple[str, bytes]]:
    for path in sorted(package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"{package.name}/{path.relative_to(package).as_posix()}", path.read_bytes()


def _record(files: Mapping[str, bytes], own: str) -> bytes:
    """Every file with its digest and size (packaging.python.org, "Recording installed projects")."""
    lines = []
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}\n")
    return "".join([*lines, f"{own},,\n"]).encode()


def zipped(files: Mapping[str, bytes], executable: Sequence[str] = ()) -> bytes:
    """The same files give the same bytes; those of `executable` may be run where it is unpacked."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if name in executable else 0o100644) << 16
            archive.writestr(entry, content)
    return out.getvalue()


def requirements() -> list[str]:
    """What the grader needs to grade; the extras' are left out."""
    return [one for one in metadata.requires(PACKAGE) or [] if "extra ==" not in one]


def download(
    folder: Path, pythons: Iterable[str] = PYTHONS, platforms: Sequence[str] = PLATFORMS, packages: Sequence[str] = ()
) -> list[str]:
    """Fills `folder` with the wheels for each of these Pythons; a line for each Python for which they could not be had.

    `packages` are those that submissions may import, as pip is asked for them.
    """
    problems = []
    for python in pythons:
        command = [
            sys.executable,
            "-P",  # a module of the present folder that is called pip is not pip
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--dest",
            str(folder),
        ]
        command += ["--only-binary=:all:", "--implementation=cp", f"--python-version={python}"]
        command += [f"--platform={platform}" for platform in platforms]
        if why := _failure([*command, *requirements(), *packages]):
            problems.append(
                f"the wheels for Python {python} could not be had ({why}); setup.sh will ask the package index"
            )
    return problems


def _failure(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"no answer within {_SECONDS} s"
    lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
    return "" if done.returncode == 0 else (lines or [f"pip ended with code {done.returncode}"])[-1]
