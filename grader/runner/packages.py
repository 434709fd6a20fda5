"""Packages that a course names: a job can import these, wherever they lie, and no other of the same folder."""

import os
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from types import ModuleType


class Offered(MetaPathFinder):
    """`places`: the folder or file of each module, by its name."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        place = None if path is not None else self._places.get(name)
        if place is None:
            return None
        if not os.path.isdir(place):
            return spec_from_file_location(name, place)
        beginning = os.path.join(place, "__init__.py")
        if os.path.exists(beginning):
            return spec_from_file_location(name, beginning, submodule_search_locations=[place])
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [place]
        return spec


def offer(places: Mapping[str, str]) -> None:
    """From now on."""
    if places:
        sys.meta_path.append(Offered(places))
