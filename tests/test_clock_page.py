"""Each example in docs/clock.md is a test, and it passes where it is played alone, as anybody would."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXAMPLE = re.compile(r"```python\n# (\S+\.py)\n(.*?)```", re.DOTALL)


def test_the_examples_on_the_clocks_page_pass(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "clock.md").read_text(encoding="utf-8")
    examples = dict(EXAMPLE.findall(page))
    assert len(examples) == page.count("```python") == 17
    for name, text in examples.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nasyncio_default_fixture_loop_scope = function\nfilterwarnings = error\n", encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
    )
    tests = sum(text.count("def test_") for text in examples.values())
    assert f"{tests} passed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0
