"""nbgrader's own program in this process, begun without what it imports and hardly ever uses.

More than half of what any of its commands computes before it begins is the grammar of a package that jsonschema asks about
addresses in other alphabets, and some of it setuptools, for archives that `zip_collect` unpacks; they are imported when
somebody asks.
"""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.errors import UsageError

_SLOW = {
    "rfc3987_syntax": ["is_valid_syntax"],
    "setuptools.archive_util": ["unpack_archive", "unpack_tarfile", "unpack_zipfile"],
}


def nbgrader(words: Sequence[str]) -> None:
    """Ends the program as nbgrader does, by SystemExit, or returns. Raises UsageError where it is not installed."""
    for module, functions in _SLOW.items():
        put_off(module, *functions)
    try:
        from nbgrader import api
        from nbgrader.apps.nbgraderapp import main
    except ImportError:
        raise UsageError("nbgrader is not installed; run pip install 'asyncio-grader[notebooks]'") from None
    api.get_alembic_version = newest
    sys.argv = ["nbgrader", *words]
    main()


def newest() -> str:
    """The version of nbgrader's gradebook, for which it would start a process of alembic's, on the PATH."""
    import nbgrader.api
    from alembic.script import ScriptDirectory

    return str(ScriptDirectory(str(Path(nbgrader.api.__file__).parent / "alembic")).get_current_head())


def put_off(module: str, *functions: str) -> None:
    """Until one of its functions is called, whoever imports the module from now on has those alone."""
    if (
        module in sys.modules or find_spec(module.partition(".")[0]) is None
    ):  # of what is in a package that would import it
        return
    sys.modules[module] = stands_in = ModuleType(module)
    for name in functions:
        vars(stands_in)[name] = _later(stands_in, name)


def _later(stands_in: ModuleType, name: str) -> Callable[..., Any]:
    def call(*args: Any, **named: Any) -> Any:
        if sys.modules.get(stands_in.__name__) is stands_in:
            del sys.modules[stands_in.__name__]
        return getattr(import_module(stands_in.__name__), name)(*args, **named)

    return call
