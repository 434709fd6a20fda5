"""What `importlib.metadata` tells of packages of which a job has no file: that they are installed, and in which version."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any


class _Versions(MetaPathFinder):
    """`known`: versions, by the names under which they are asked for."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Nothing can be imported here."""

    def find_distributions(self, context: Any) -> Iterator[Any]:
        """As `importlib.metadata` asks for them."""
        from importlib.metadata import Distribution

        class Known(Distribution):
            def __init__(self, name: str, version: str) -> None:
                self._told = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"

            def read_text(self, filename: Any) -> str | None:
                return self._told if filename == "METADATA" else None

            def locate_file(self, path: Any) -> Any:
                return _beside_modules(str(path))

        asked = None if context.name is None else _plain(context.name)
        for name, version in self._known.items():
            if asked in (None, _plain(name)):
                yield Known(name, version)


def _beside_modules(path: str) -> Path:
    """Where a file of a package lies, whose modules are offered to a job one by one."""
    found = find_spec(Path(path).parts[0]) if Path(path).parts[:1] != ("..",) else None
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError(path)
    return Path(found.submodule_search_locations[0]).parent / path


def _plain(name: str) -> str:
    """One name for all the ways to write it: PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def tell(known: Mapping[str, str]) -> None:
    """From now on."""
    if known:
        sys.meta_path.append(_Versions(known))
