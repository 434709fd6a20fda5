"""A real browser, Debian's Chromium, driven by Playwright; and axe-core, which looks for what some people could not use."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
AXE = ROOT / "build" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = ROOT / "build" / "screenshots"
NARROW, WIDE = 360, 1440
# it would fetch the style sheets anew, which the pages do not allow
_AXE_RUN = "axe.run(document, {preload: false, rules: {'target-size': {enabled: true}}, resultTypes: ['violations']})"
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def running() -> "Iterator[Browser]":
    """Skips where there is no browser."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install -e '.[dev]'"
    )
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: "Browser", *, scripts: bool = True) -> "Iterator[Page]":
    """A tab, for all pages that are to be looked at: a new one costs more than they do.

    Whatever it complains of or asks the network for is a failure.
    """
    complaints: list[str] = []
    context = browser.new_context(java_script_enabled=scripts, reduced_motion="reduce")
    try:
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.append(f"{request.url}: {request.failure}"))
        page.on("request", lambda request: complaints.append(request.url) if request.url[:5] != "file:" else None)
        yield page
        if complaints:
            pytest.fail("\n".join(complaints))
    finally:
        context.close()


def shown(page: "Page", path: Path, *, hash: str = "", width: int = WIDE, scheme: Any = "light") -> "Page":
    """The tab with this page in it, read anew from its file."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, media="screen")
    page.goto("about:blank")
    page.goto(path.as_uri() + hash)
    return page


def violations(page: "Page") -> list[str]:
    """What axe-core finds, with where. Skips where it is not installed."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: make axe")
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(_AXE_RUN)
    assert len(found["passes"]) > 10  # it has looked
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
