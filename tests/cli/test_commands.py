"""The commands as a caller meets them: what they print where, and with which code they end."""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner, Result

from grader import __version__
from grader.batch import kept
from grader.batch.grading import Graded
from grader.cli import main
from grader.errors import CourseError, GraderFault, Problem
from grader.verdict import Verdict, decode, encode

ROOT = Path(__file__).parents[2]
VERDICTS = ROOT / "tests" / "feedback" / "verdicts"

Asked = dict[str, Any]


def verdict(name: str) -> Verdict:
    return decode((VERDICTS / f"{name}.json").read_bytes())


def run(*args: str, env: dict[str, str | None] | None = None) -> Result:
    return CliRunner().invoke(main, args, env=env)


@pytest.fixture(autouse=True)
def _in_the_course(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("GRADER_COURSE", raising=False)


@pytest.fixture
def grading(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | BaseException], Asked]:
    """Puts a verdict, or a failure, in the place of grading; gives what was asked of it."""

    def answer(with_: str | BaseException) -> Asked:
        asked: Asked = {}

        def grade(exercise: Any, source: bytes, **options: Any) -> Verdict:
            asked.update(options, exercise=exercise.slug, source=source)
            if isinstance(with_, BaseException):
                raise with_
            return verdict(with_)

        module = ModuleType("grader.grading")
        module.grade = grade  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "grader.grading", module)
        return asked

    return answer


# ---------------------------------------------------------------- a notebook


def test_a_notebook_is_checked_as_when_it_is_marked(grading: Callable[..., Asked], tmp_path: Path) -> None:
    asked, file = grading("passed"), tmp_path / "say_after.ipynb"
    file.write_text(json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1"}]}))
    assert run("check", str(file)).exit_code == 0
    assert (asked["exercise"], asked["source"].splitlines()[1:]) == ("say-after", [b"x = 1"])


def test_a_notebook_that_is_none_is_refused_with_the_reason(tmp_path: Path) -> None:
    file = tmp_path / "say_after.ipynb"
    file.write_text("{")
    refused = run("check", "say-after", str(file))
    assert (refused.exit_code, refused.stderr) == (2, f"grader: {file}: not a notebook (Input data was truncated)\n")


# ---------------------------------------------------------------- the group


def test_the_version_is_the_packages() -> None:
    assert run("--version").output == f"grader, version {__version__}\n"


@pytest.mark.parametrize(
    "command", ["list", "show", "check", "watch", "hint", "grade", "export", "stats", "similar", "validate", "schema"]
)
def test_every_command_explains_itself_with_examples(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"\n  grader {command}" in result.stdout


def test_without_a_command_the_commands_are_shown() -> None:
    assert "Check your solution of an exercise." in run("--help").stdout


def test_an_unknown_command_is_answered_with_the_nearest() -> None:
    result = run("chek")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "there is no command 'chek'; did you mean 'check'?" in result.stderr


def test_a_command_loads_only_what_it_needs() -> None:
    import subprocess

    program = (
        "import sys\n"
        "from grader.cli import main\n"
        "try:\n    main(['check', '05', 'solutions/05_say_after/reference.py'])\n"
        "except SystemExit:\n    pass\n"
        "heavy = {'rich', 'pytest', 'hypothesis', 'http', 'multiprocessing', 'html', 'grader.report', 'grader.batch'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stderr == "[]\n"


# ---------------------------------------------------------------- list, show, hint


def test_list_shows_units_and_exercises_in_order() -> None:
    result = run("list")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "asyncio, from await to production"
    assert lines.index("Coroutines and the loop") < lines.index("Several at once")
    assert any(line.startswith("  05  say-after ") for line in lines)


def test_show_says_what_is_asked_and_where_to_write_it() -> None:
    result = run("show", "5")
    assert result.exit_code == 0
    assert "Write it in:  exercises/05_say_after/say_after.py\n" in result.stdout
    assert "Check it:     grader check say-after\n" in result.stdout


@pytest.mark.parametrize("name", ["say-after", "say_after", "05", "5", "05_say_after", "Say-After"])
def test_an_exercise_goes_by_several_names(name: str) -> None:
    assert run("show", name).stdout == run("show", "say-after").stdout


def test_an_unknown_exercise_is_answered_with_the_nearest() -> None:
    result = run("show", "say-aftr")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "grader: there is no exercise 'say-aftr'; did you mean 'say-after'?\n"


def test_a_hint_is_shown_by_its_number() -> None:
    assert run("hint", "say-after").stdout.startswith("Hint 1 of 3: ")
    assert run("hint", "say-after", "2").stdout.startswith("Hint 2 of 3: ")
    assert len(run("hint", "say-after", "--all").stdout.splitlines()) == 3


def test_a_hint_that_is_not_there_is_a_usage_error() -> None:
    result = run("hint", "say-after", "9")
    assert result.exit_code == 2
    assert result.stderr == "grader: say-after has 3 hints; there is no hint 9\n"


def test_the_schema_is_json() -> None:
    assert json.loads(run("schema").stdout)["title"] == "exercise.yaml"
    assert json.loads(run("schema", "course").stdout)["title"] == "course.yaml"


# ---------------------------------------------------------------- the course


def test_the_nearest_course_upward_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "exercises" / "05_say_after")
    assert run("list").exit_code == 0


def test_a_course_may_be_named_before_or_after_the_command_or_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    for args in (["--course", str(ROOT), "list"], ["list", "--course", str(ROOT / "course.yaml")]):
        assert run(*args).exit_code == 0
    assert run("list", env={"GRADER_COURSE": str(ROOT)}).exit_code == 0


def test_without_a_course_it_is_said_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("list")
    assert result.exit_code == 2
    expected = "grader: there is no course.yaml here or above; go to the course's folder, or say --course PATH\n"
    assert result.stderr == expected


def test_exercises_handed_out_alone_can_be_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(ROOT / "exercises" / "05_say_after", tmp_path / "exercises" / "05_say_after")
    monkeypatch.chdir(tmp_path)
    assert run("hint", "say-after").stdout.startswith("Hint 1 of 3: ")
    monkeypatch.chdir(tmp_path / "exercises" / "05_say_after")
    assert run("hint", "say-after").exit_code == 0


def test_all_problems_of_a_course_are_shown_each_with_its_place(
    grading: Callable[[str | BaseException], Asked],
) -> None:
    grading(CourseError([Problem("exercises/a.yaml", 3, "no"), Problem("course.yaml", 1, "neither")]))
    result = run("check", "say-after")
    assert result.exit_code == 2
    assert result.stderr == "course.yaml:1: neither\nexercises/a.yaml:3: no\n"


# ---------------------------------------------------------------- check


@pytest.mark.parametrize(("kind", "code"), [("passed", 0), ("sequential", 1), ("own-fault", 3)])
def test_the_exit_code_says_how_it_went(kind: str, code: int, grading: Callable[[str | BaseException], Asked]) -> None:
    grading(kind)
    assert run("check", "say-after").exit_code == code


def test_check_grades_the_stub_in_the_exercises_folder(grading: Callable[[str | BaseException], Asked]) -> None:
    asked = grading("passed")
    run("check", "say-after")
    stub = ROOT / "exercises" / "05_say_after" / "say_after.py"
    assert asked["source"] == stub.read_bytes()
    assert asked["exercise"] == "say-after"
    assert (asked["seed"], asked["isolation"], asked["hidden"]) == (None, "in-process", False)


@pytest.mark.parametrize(("isolation", "armed"), [("in-process", [90.0]), ("child", [])])
def test_check_ends_by_itself_where_no_signal_is_heard(
    isolation: str, armed: list[float], grading: Callable[[str | BaseException], Asked], monkeypatch: pytest.MonkeyPatch
) -> None:
    grading("passed")
    found: list[float] = []
    monkeypatch.setattr("faulthandler.dump_traceback_later", lambda seconds, **named: found.append(seconds))
    assert run("check", "say-after", "--isolation", isolation).exit_code == 0
    assert found == armed


def test_check_takes_a_file_and_its_options(tmp_path: Path, grading: Callable[[str | BaseException], Asked]) -> None:
    asked = grading("passed")
    (tmp_path / "mine.py").write_bytes(b"mine")
    run("check", "5", str(tmp_path / "mine.py"), "--seed", "s", "--isolation", "child", "--hidden")
    assert (asked["source"], asked["seed"], asked["isolation"]) == (b"mine", "s", "child")
    assert asked["hidden"] is True
    assert asked["filename"] == str(tmp_path / "mine.py")


@pytest.mark.parametrize(
    "file", ["say_after.py", "05_say_after.py", "05_say_after/attempt.py", "05_say_after/wrong/swapped.py"]
)
def test_a_file_may_tell_its_exercise(
    file: str, tmp_path: Path, grading: Callable[[str | BaseException], Asked]
) -> None:
    asked = grading("passed")
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"mine")
    assert run("check", str(path)).exit_code == 0
    assert (asked["exercise"], asked["source"]) == ("say-after", b"mine")


def test_check_without_anything_says_what_to_name() -> None:
    result = run("check")
    assert result.exit_code == 2
    assert "name an exercise, or a file whose name or folder tells it" in result.stderr


def test_a_file_that_is_not_there_is_a_usage_error(grading: Callable[[str | BaseException], Asked]) -> None:
    grading("passed")
    result = run("check", "say-after", "nowhere.py")
    assert result.exit_code == 2
    assert result.stderr == "grader: nowhere.py: the file cannot be read (No such file or directory)\n"


def test_what_is_no_file_is_a_usage_error_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.py")
    result = run("check", "08", str(tmp_path / "fifo.py"))
    assert result.exit_code == 2
    assert result.stderr == f"grader: {tmp_path / 'fifo.py'}: is a pipe; name a Python file\n"


def test_json_is_the_record_on_one_line(grading: Callable[[str | BaseException], Asked]) -> None:
    grading("sequential")
    result = run("check", "say-after", "--json")
    assert result.exit_code == 1
    assert result.stdout == encode(verdict("sequential")).decode() + "\n"


def test_the_text_follows_the_width_and_the_number_of_hints(
    grading: Callable[[str | BaseException], Asked],
) -> None:
    grading("sequential")
    result = run("check", "say-after", "--width", "120")
    assert result.stdout == (ROOT / "tests/feedback/renderings/sequential.120.txt").read_text(encoding="utf-8")
    assert "Hint 3 of 3" in run("check", "say-after", "--hints", "3").stdout


def test_there_is_no_colour_where_there_is_no_terminal(grading: Callable[[str | BaseException], Asked]) -> None:
    grading("sequential")
    assert "\x1b" not in CliRunner().invoke(main, ["check", "say-after"], color=True).stdout


# ---------------------------------------------------------------- grade, validate


@pytest.fixture
def class_(tmp_path: Path) -> Path:
    """Two learners, one right and one not yet."""
    import shutil

    solutions = ROOT / "solutions" / "05_say_after"
    for learner, program in (("ann", "reference.py"), ("=Zoë", "wrong/await_await.py")):
        (tmp_path / "class" / learner).mkdir(parents=True)
        shutil.copy(solutions / program, tmp_path / "class" / learner / "say_after.py")
    return tmp_path / "class"


def test_a_second_ctrl_c_takes_nothing_of_what_is_told_after_the_first(
    class_: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = kept.grades_of

    def graded(*_: Any) -> Graded:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        return Graded({}, interrupted=True)

    def grades_of(*asked: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        return real(*asked)

    monkeypatch.setattr("grader.cli.grade._graded", graded)
    monkeypatch.setattr(kept, "grades_of", grades_of)
    out = tmp_path / "grades"
    result = run("grade", str(class_), "--out", str(out), "--exercise", "say-after", "--jobs", "1")
    assert (result.exit_code, "grader: interrupted; 2 files were not graded" in result.stderr) == (130, True)
    assert (out / "grades.csv").exists()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_class_is_graded_and_written_down(class_: Path, tmp_path: Path) -> None:
    out = tmp_path / "grades"
    result = run("grade", str(class_), "--out", str(out), "--exercise", "say-after", "--jobs", "2")
    assert (result.exit_code, result.stdout) == (
        0,
        f"2 files of 2 learners graded; the report is {out / 'report' / 'index.html'}\n",
    )
    assert result.stderr.splitlines()[-1].startswith("graded 2 of 2 (")
    records = [json.loads(record) for record in (out / "verdicts.jsonl").read_bytes().splitlines()]
    assert [(record["learner"], record["status"], record["misconception"]) for record in records] == [
        ("=Zoë", "failed", "await-await-thought-parallel"),
        ("ann", "passed", None),
    ]
    assert [record["seed"] for record in records] == ["say-after/=Zoë", "say-after/ann"]
    grades = (out / "grades.csv").read_text(encoding="utf-8-sig").splitlines()
    assert (grades[0], grades[2]) == ("learner,say-after,total,missing,not_marked", "ann,10,10,,")
    assert grades[1].startswith("'=Zoë,")
    [page] = (out / "report" / "learners").glob("zoe-*.html")
    assert "It took as long as both waits together." in page.read_text()


def test_grading_again_gives_the_same_bytes(class_: Path, tmp_path: Path) -> None:
    written = []
    for jobs in ("1", "2"):
        out = tmp_path / jobs
        run("grade", str(class_), "--out", str(out), "--jobs", jobs)
        files = [path for path in sorted(out.rglob("*.*")) if path.is_file() and path.suffix != ".sqlite"]
        written.append([(path.relative_to(out), path.read_bytes()) for path in files])
    names = {name.parts[0] for name, _ in written[0]}
    assert names == {"gradebook.json", "grades.csv", "report", "verdicts.jsonl"}
    assert written[0] == written[1]


def test_what_was_not_recognised_is_said(class_: Path, tmp_path: Path) -> None:
    (class_ / "ann" / "notes.txt").write_text("")
    (class_ / "ann" / "\x1b[2J.txt").write_text("")
    (class_ / "ann" / "say_after.py").unlink()
    (class_ / "=Zoë" / "say_after.py").unlink()
    result = run("grade", str(class_), "--out", str(tmp_path / "grades"))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"grader: {class_}: no file was recognised; name the files as the stubs are")
    assert not (tmp_path / "grades").exists()
    assert "not graded: ann/notes.txt: not named after an exercise\n" in result.stderr
    assert "not graded: ann/\\x1b[2J.txt: not named after an exercise\n" in result.stderr


def test_the_help_of_grade_lists_the_layouts() -> None:
    from grader.intake.layouts import LAYOUTS

    told = run("grade", "--help").output
    listed = told[told.index("Layouts:") :]
    assert [line.split()[0] for line in listed.splitlines()[1:] if line[2:3].strip()] == list(LAYOUTS)
    for option in ("--layout", "--roster", "--attempts", "--time-zone"):
        assert option in told


def test_a_download_is_graded_with_a_roster_and_the_best_attempt(tmp_path: Path) -> None:
    from tests.intake.builders import blackboard, zip_of

    solutions = ROOT / "solutions" / "05_say_after"
    programs = [(solutions / name).read_text() for name in ("reference.py", "wrong/await_await.py")]
    for day, program in enumerate(programs, 1):
        blackboard(tmp_path / "w", "Ada Lovelace", "ada", f"2026-11-0{day}-10-11-12", {"say_after.py": program})
    blackboard(tmp_path / "w", "Eve", "eve", "2026-11-01-10-11-12", {"say_after.py": "pass"})
    (tmp_path / "class.csv").write_text("id,name,username\na1,Ada Lovelace,ada\nc1,Charles,charles\n")
    archive, out = zip_of(tmp_path / "w", tmp_path / "download.zip"), tmp_path / "out"
    options = ("--roster", str(tmp_path / "class.csv"), "--exercise", "say-after", "--isolation", "in-process")
    for attempts, grade, before in (("best", "10", ""), ("last", "5.75", ", 2 of them before")):
        result = run("grade", str(archive), "--out", str(out), *options, "--attempts", attempts, "--jobs", "1")
        assert result.exit_code == 0
        grades = (out / "grades.csv").read_text(encoding="utf-8-sig").splitlines()
        assert grades == [
            "learner,say-after,total,missing,not_marked",
            f"a1,{grade},{grade},,",
            "c1,,0,say-after,",
        ]
        counts = "1 counts, the others are further attempts"
        assert result.stdout.startswith(f"2 files of 2 learners graded{before}; {counts}; the report is ")
        assert "eve_attempt_2026-11-01-10-11-12_say_after.py: nobody in the roster is Eve (eve)\n" in result.stderr
    assert "attempt 2 of 2 counts, the last" in (out / "verdicts.jsonl").read_text()


def test_a_notebook_is_graded_like_the_module_that_it_holds(tmp_path: Path) -> None:
    program = (ROOT / "solutions" / "05_say_after" / "reference.py").read_text()
    cells = [
        {"cell_type": "markdown", "source": ["# Say after"]},
        {"cell_type": "code", "source": [*program.splitlines(keepends=True)]},
        {"cell_type": "code", "source": ["%time\n", "await nobody_knows(this)"]},
    ]
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "say_after.ipynb").write_text(json.dumps({"nbformat": 4, "cells": cells}))
    out = tmp_path / "out"
    result = run("grade", str(tmp_path / "ann"), "--out", str(out), "--exercise", "say-after", "--jobs", "1")
    assert result.exit_code == 0
    [record] = map(json.loads, (out / "verdicts.jsonl").read_text().splitlines())
    assert (record["file"], record["status"], record["points"]) == ("ann/say_after.ipynb", "passed", 10)


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--layout", "moodel", "there is no layout 'moodel'; there are folders, files, "),
        ("--roster", "nowhere.csv", "nowhere.csv: the roster cannot be read (No such file or directory)"),
        ("--time-zone", "Mars/Base", "there is no time zone 'Mars/Base'; say one such as Europe/Berlin"),
        ("--time-zone", "../etc", "there is no time zone '../etc'; say one such as Europe/Berlin"),
    ],
)
def test_what_the_intake_cannot_use_is_said(option: str, value: str, told: str, class_: Path, tmp_path: Path) -> None:
    result = run("grade", str(class_), "--out", str(tmp_path / "out"), option, value)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"grader: {told}")
    assert not (tmp_path / "out").exists()


def test_layouts_complete() -> None:
    assert completed("grader grade class --layout gr") == "plain,gradescope"


@pytest.mark.parametrize("command", [("check", "say-after"), ("grade", ".", "--out", "x")])
def test_a_seed_is_text(command: tuple[str, ...]) -> None:
    result = run(*command, "--seed", "\udcff")
    assert result.exit_code == 2
    assert "Invalid value for '--seed': it is not text; use letters and digits" in result.stderr


def test_where_nothing_can_be_written_nothing_is_graded(class_: Path, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("")
    place = tmp_path / "README.md" / "x"
    result = run("grade", str(class_), "--out", str(place))
    assert (result.exit_code, result.stdout) == (2, "")
    said = f"grader: {place}: nothing can be written there (Not a directory); name another folder with --out\n"
    assert result.stderr == said  # and no word of files that were graded


def test_records_that_went_elsewhere_end_with_2(class_: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import grader.batch.book

    def refuse(*records: Any) -> None:
        told = "out: could not be written; they stand elsewhere"
        raise grader.batch.book.UnwrittenError(told, grader.batch.book.Counts(2))

    monkeypatch.setattr(grader.batch.book, "write_records", refuse)
    result = run("grade", str(class_), "--out", str(tmp_path / "out"), "--isolation", "in-process", "--jobs", "1")
    assert (result.exit_code, result.stdout) == (2, "2 files of 2 learners graded\n")
    assert result.stderr.endswith("grader: out: could not be written; they stand elsewhere\n")


def test_validate_of_an_exercise_says_how_to_name_one() -> None:
    result = run("validate", "say-after")
    said = "say-after: there is no such folder; of an exercise it is 'grader validate --exercise say-after'"
    assert (result.exit_code, result.stderr) == (2, f"grader: {said}\n")


def test_validate_shows_every_problem_and_ends_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Asked = {}

    def validate_course(course: Any, **options: Any) -> list[Problem]:
        asked.update(options)
        options["progress"]("say-after: 12 programs")
        return [Problem("exercises/a.yaml", 3, "no")]

    module = ModuleType("grader.authoring.validate")
    module.validate_course = validate_course  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "grader.authoring.validate", module)
    result = run("validate", "--seeds", "7", "--exercise", "say-after", "--write")
    assert (result.exit_code, result.stdout) == (2, "exercises/a.yaml:3: no\n")
    assert result.stderr == "say-after: 12 programs\n"
    assert (asked["seeds"], asked["only"], asked["write"]) == (7, "say-after", True)


def test_a_valid_course_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("grader.authoring.validate")
    module.validate_course = lambda course, **options: []  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "grader.authoring.validate", module)
    result = run("validate")
    assert (result.exit_code, result.stdout) == (0, "valid\n")


def test_a_course_that_cannot_be_read_is_invalid(tmp_path: Path) -> None:
    (tmp_path / "course.yaml").write_text("schema: 1\n")
    result = run("validate", str(tmp_path))
    assert result.exit_code == 2
    assert "course.yaml:1: " in result.stdout
    assert result.stderr == "no program was played: mend the course first\n"


# ---------------------------------------------------------------- how it ends


def test_a_failure_of_ours_is_one_line_and_a_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, grading: Callable[[str | BaseException], Asked]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    grading(ZeroDivisionError("by\nzero"))
    result = run("check", "say-after")
    assert (result.exit_code, result.stdout) == (3, "")
    [log] = tmp_path.iterdir()
    expected = f"grader: the grader itself failed (ZeroDivisionError: by); please report it with {log}\n"
    assert result.stderr == expected
    assert "Traceback (most recent call last)" in log.read_text()


def test_with_debug_the_traceback_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, grading: Callable[[str | BaseException], Asked]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    grading(ZeroDivisionError("ours"))
    assert "Traceback (most recent call last)" in run("--debug", "check", "say-after").stderr


def test_a_fault_that_is_known_needs_no_log(grading: Callable[[str | BaseException], Asked]) -> None:
    grading(GraderFault("no process could be started"))
    result = run("check", "say-after")
    assert (result.exit_code, result.stderr) == (3, "grader: no process could be started\n")


def test_ctrl_c_ends_with_130_and_a_word(grading: Callable[[str | BaseException], Asked]) -> None:
    grading(KeyboardInterrupt())
    result = run("check", "say-after")
    assert (result.exit_code, result.stderr) == (130, "\ngrader: interrupted\n")  # on a line of its own, behind ^C


def completed(line: str) -> str:
    words = line.split(" ")
    env: dict[str, str | None] = {
        "_GRADER_COMPLETE": "bash_complete",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
    }
    result = run(env=env)
    assert result.stderr == ""
    return result.stdout.strip()


@pytest.mark.parametrize(
    "line",
    ["grader show sa", "grader grade class --exercise sa", "grader validate --exercise sa", "grader hint say-a"],
)
def test_names_of_exercises_complete(line: str) -> None:
    assert completed(line) == "plain,say-after"


@pytest.mark.parametrize("line", ["grader show --course {} sa", "grader validate {} --exercise sa"])
def test_names_complete_in_the_course_that_is_named(line: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert completed(line.format(ROOT)) == "plain,say-after"


def test_completion_outside_a_course_is_silent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert completed("grader show sa") == ""
