"""A real JupyterLab or Notebook 7, as a learner has it, served from a folder; and what the tests ask of it in a browser."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import IO

from tests.notebooks.kernel import environment

_SHOWN = {"expose_app_in_browser": True}
_SETTINGS = {
    "IdentityProvider": {"token": ""},
    "ServerApp": {"open_browser": False, "port": 0, "allow_root": True, "disable_check_xsrf": True},
    "JupyterNotebookApp": _SHOWN,
    "LabApp": _SHOWN
    | {
        "extension_manager": "readonly",
        "news_url": None,
        "check_for_updates_class": "jupyterlab.handlers.announcements.NeverCheckForUpdate",
    },
}
PLACES = {"jupyterlab": "lab/tree", "notebook": "notebooks"}  # of a notebook, by program


@contextmanager
def serving(program: str, folder: Path, own: Path) -> Iterator[str]:
    """The address of a program that shows `folder`; what it keeps is kept in `own`."""
    config = own / "config"
    config.mkdir(parents=True)
    for name in ("server", "lab", "notebook"):
        (config / f"jupyter_{name}_config.json").write_text(json.dumps(_SETTINGS))
    places = {f"JUPYTER_{name}_DIR": str(own / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    places |= {f"JUPYTERLAB_{name}_DIR": str(own / name.lower()) for name in ("SETTINGS", "WORKSPACES")}
    server = subprocess.Popen(
        [sys.executable, "-m", program, "--no-browser", str(folder)],
        env=environment() | places | {"JUPYTER_PREFER_ENV_PATH": "1"},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr is not None
    # what it goes on to say is read, or it would wait for that
    reading = Thread(target=server.stderr.read, daemon=True)
    try:
        address = _address(server.stderr)
        reading.start()
        yield address
    finally:
        server.terminate()
        server.wait(30)
        if reading.ident is not None:
            reading.join()
        server.stderr.close()


def _address(said: IO[str]) -> str:
    """As it says itself when it is ready."""
    lines = list[str]()
    for line in said:
        lines.append(line)
        _, found, rest = line.partition("http://127.0.0.1:")
        if found:
            return found + rest.split("/")[0]
    raise AssertionError("it did not start:\n" + "".join(lines))
