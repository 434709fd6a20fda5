"""Plays all of it and writes the table of docs/clock.md anew: `python -m tests.conformance.table` (it takes a while)."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

from tests.conformance import cpython
from tests.conformance.cpython import VERSIONS, Seen
from tests.conformance.modules import KINDS, since

DOCS = cpython.ROOT / "docs" / "clock.md"
BEGIN, END = "<!-- conformance: begin -->", "<!-- conformance: end -->"
Played = dict[tuple[str, str, str, bool], Seen]  # by kind of loop, module, Python, and whether in debug mode


def play_all(pythons: dict[str, str]) -> Played:
    wanted = [
        (kind, module, version, debug)
        for version, (kind, module), debug in product(pythons, KINDS, (False, True))
        if since(kind, module) <= version
    ]
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(wanted, pool.map(lambda key: _play(pythons, *key), wanted), strict=True))


def _play(pythons: dict[str, str], kind: str, module: str, version: str, debug: bool) -> Seen:
    seen = cpython.play(pythons[version], module, debug, kind)
    print(version, kind, module, "debug" if debug else "plain", seen.tests, seen.built, *seen.failures, file=sys.stderr)
    return seen


def table(played: Played, pythons: dict[str, str]) -> str:
    """A row for each module and kind of loop: by Python, how many tests built the loop, and how many failed in either mode."""
    names = [f"{_exact(command)}" for command in pythons.values()]
    lines = [f"| | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for kind, module in KINDS:
        modes = [[played.get((kind, module, version, debug)) for debug in (False, True)] for version in pythons]
        lines.append(f"| {module}{', alone' if kind == 'alone' else ''} | {' | '.join(map(_cell, modes))} |")
    totals = [_cell(_sums(played, version)) for version in pythons]
    return "\n".join([*lines, f"| **together** | {' | '.join(totals)} |"])


def _sums(played: Played, version: str) -> list[Seen | None]:
    sums: list[Seen | None] = []
    for debug in (False, True):
        of_them = {key: seen for key, seen in played.items() if key[2:] == (version, debug)}
        each = list(of_them.values())
        # a test may fail on both kinds of loop
        failures = {f"{key[0]} {name}": text for key, seen in of_them.items() for name, text in seen.failures.items()}
        built = sum(seen.built for seen in each)
        sums.append(Seen(sum(s.tests for s in each), built, sum(s.skipped for s in each), failures))
    return sums


def _cell(modes: list[Seen | None]) -> str:
    plain, debug = modes
    if plain is None or debug is None:
        return ""
    return f"{plain.built} of {plain.tests}; {len(plain.failures)}, {len(debug.failures)}"


def _exact(command: str) -> str:
    said = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout
    return said.strip().removeprefix("Python ")


def put_into(page: Path, text: str) -> None:
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    found = {version: command for version in VERSIONS if (command := cpython.interpreter(version))}
    put_into(DOCS, table(play_all(found), found))
