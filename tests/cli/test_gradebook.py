"""`grader gradebook`, and how `grader grade` goes on where it stopped."""

import importlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grader.batch.grading import Graded
from grader.cli import main
from grader.gradebook.called import Called, keep
from grader.gradebook.opening import found

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions" / "05_say_after"
NOT_YET = SOLUTIONS / "wrong" / "await_await.py"

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("GRADER_GRADEBOOK", raising=False)
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def class_(tmp_path: Path) -> Path:
    for learner, program in (("ann", SOLUTIONS / "reference.py"), ("Zoë", NOT_YET)):
        (tmp_path / "class" / learner).mkdir(parents=True)
        shutil.copy(program, tmp_path / "class" / learner / "say_after.py")
    return tmp_path / "class"


@pytest.fixture
def grade(run: Run, class_: Path, tmp_path: Path) -> Run:
    how = ("--out", tmp_path / "grades", "--exercise", "say-after", "--isolation", "in-process", "--jobs", "1")
    return lambda *options: run("grade", class_, *how, *options)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of grades of the same class, made once."""
    folder = tmp_path_factory.mktemp("graded")
    for learner, program in (("ann", SOLUTIONS / "reference.py"), ("Zoë", NOT_YET)):
        (folder / "class" / learner).mkdir(parents=True)
        shutil.copy(program, folder / "class" / learner / "say_after.py")
    how = ["--exercise", "say-after", "--isolation", "in-process", "--jobs", "1", "--course", str(ROOT)]
    result = CliRunner().invoke(main, ["grade", str(folder / "class"), "--out", str(folder / "grades"), *how])
    assert result.exit_code == 0, result.stderr
    return folder / "grades"


@pytest.fixture
def gradebook(run: Run, graded: Path, tmp_path: Path) -> Run:
    """`grader gradebook` on a class that was graded."""
    shutil.copytree(graded, tmp_path / "grades")
    return lambda command, *arguments: run("gradebook", command, *arguments, "--gradebook", tmp_path / "grades")


def grades(folder: Path) -> list[str]:
    return (folder / "grades" / "grades.csv").read_text(encoding="utf-8-sig").splitlines()


# ---------------------------------------------------------------- grade, again


def test_of_who_handed_in_only_what_cannot_be_graded_it_is_shown_why_until_it_can(
    grade: Run, run: Run, class_: Path, tmp_path: Path
) -> None:
    """Else it would be told of them that they handed in nothing."""
    (class_ / "Bob").mkdir()
    (class_ / "Bob" / "work.rar").write_text("x")
    said = []
    for _ in range(2):
        assert grade().exit_code == 0
        shown = run("gradebook", "show", "Bob", "--gradebook", tmp_path / "grades").stdout.splitlines()
        told = run("gradebook", "history", "Bob", "say-after", "--gradebook", tmp_path / "grades").stdout.splitlines()
        said += [*(line for line in shown if "say-after" in line), told[1]]
        shutil.copy(class_ / "ann" / "say_after.py", class_ / "Bob")
    why = "nothing here could be graded: work.rar (an archive of a kind that is not unpacked; ask for a .zip)"
    assert said[:2] == [f"  say-after         {why}", f"  {why}"]
    assert said[2] == "  say-after         10 of 10"
    assert run("gradebook", "show", "ann", "--gradebook", tmp_path / "grades").stdout.count("not handed in") == 11


@pytest.mark.parametrize(
    ("said", "remedy"), [("class", "class-grades"), ("grades/../class", "class-grades"), (".", "../class-grades")]
)
def test_the_folder_that_is_graded_takes_no_grades(
    said: str, remedy: str, run: Run, class_: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "grades").mkdir()
    monkeypatch.chdir(class_ if said == "." else tmp_path)
    result = run("grade", class_, "--out", said, "--course", ROOT)
    assert result.exit_code == 2
    assert "is the folder that is to be graded; name another one for the grades" in result.stderr
    assert result.stderr.endswith(f"such as --out {Path(said).parent / remedy if said != '.' else remedy}\n")
    assert sorted(path.name for path in class_.iterdir()) == ["Zoë", "ann"]


def test_where_each_learners_folder_was_named_the_same_command_goes_on_beside_its_own_records(
    run: Run, class_: Path
) -> None:
    def again() -> Result:
        how = ("--out", class_, "--exercise", "say-after", "--isolation", "in-process", "--jobs", "1")
        return run("grade", *sorted(class_.iterdir()), *how)

    report = f"the report is {class_ / 'report' / 'index.html'}\n"
    assert again().stdout == f"2 files of 2 learners graded; {report}"
    assert again().stdout == f"2 files of 2 learners graded, 2 of them before; {report}"


def test_the_same_command_again_grades_nothing_and_writes_the_same(grade: Run, tmp_path: Path) -> None:
    report = tmp_path / "grades" / "report" / "index.html"
    assert grade().stdout == f"2 files of 2 learners graded; the report is {report}\n"
    written = [path for path in (tmp_path / "grades").rglob("*.*") if path.is_file() and path.suffix != ".sqlite"]
    before = {path: path.read_bytes() for path in written}
    assert len(before) == 11
    again = grade()
    assert again.stdout == f"2 files of 2 learners graded, 2 of them before; the report is {report}\n"
    assert again.stderr == ""
    for path, content in before.items():
        assert path.read_bytes() == content


def test_records_are_outdated_only_when_the_gradebook_was_changed_since(grade: Run, run: Run, tmp_path: Path) -> None:
    grade()
    out = tmp_path / "grades"
    assert run("export", out, "--format", "csv").stderr == ""
    run("gradebook", "set", "ann", "say-after", "3", "--comment", "copied", "--by", "eve", "--gradebook", out)
    assert run("export", out, "--format", "csv").stderr.startswith(
        "grader: the gradebook was changed since these records"
    )
    grade()
    assert run("export", out, "--format", "csv").stderr == ""


def test_of_a_large_class_it_is_said_that_it_is_written(grade: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "writing" not in grade().stderr
    monkeypatch.setattr(importlib.import_module("grader.cli.grade"), "_LARGE", 1)
    assert grade().stderr == "writing the records and the report of 2 learners\n"


def test_a_changed_file_alone_is_graded_again(grade: Run, class_: Path, tmp_path: Path) -> None:
    grade()
    shutil.copy(SOLUTIONS / "reference.py", class_ / "Zoë" / "say_after.py")
    again = grade()
    assert again.stdout.startswith("2 files of 2 learners graded, 1 of them before;")
    assert again.stderr.startswith("graded 1 of 1 (")
    assert grades(tmp_path) == ["learner,say-after,total,missing,not_marked", "ann,10,10,,", "Zoë,10,10,,"]


def test_with_regrade_all_of_it_is_graded_again_and_the_history_stays(grade: Run, gradebook: Run) -> None:
    assert grade("--regrade").stderr.splitlines()[-1].startswith("graded 2 of 2 (")
    told = gradebook("history", "ann", "say-after").stdout
    assert told.count("passed, 10 of 10 points") == 2
    assert told.count("10 of 10 points, replaced since (course") == told.count("replaced since") == 1
    assert told.count("10 of 10 points, graded again (2) (course") == 1


def test_a_gradebook_may_be_elsewhere(grade: Run, run: Run, tmp_path: Path) -> None:
    place = tmp_path / "mine.sqlite"
    assert grade("--gradebook", place).exit_code == 0
    assert sorted(path.name for path in (tmp_path / "grades").iterdir()) == [
        "gradebook.json",
        "grades.csv",
        "report",
        "verdicts.jsonl",
    ]
    assert "ann\n" in run("gradebook", "show", "ann", "--gradebook", place).stdout


def test_a_gradebook_that_cannot_be_used_stops_everything_before_it_begins(grade: Run, tmp_path: Path) -> None:
    place = tmp_path / "notes.txt"
    place.write_text("no database" * 100)
    result = grade("--gradebook", place)
    said = "is not a gradebook; move it away, or name another with --gradebook"
    assert (result.exit_code, result.stderr) == (2, f"grader: {place}: {said}\n")


def test_names_in_the_file_of_extensions_that_nobody_has_are_told(grade: Run, tmp_path: Path) -> None:
    file = tmp_path / "more-time.csv"
    file.write_text("learner,days\nanne,2\n")
    result = grade("--extensions", file)
    assert result.exit_code == 0
    assert f"grader: {file}:2: no learner here is called 'anne'; did you mean 'ann'?\n" in result.stderr


def test_a_wrong_file_of_extensions_stops_everything_before_it_begins(grade: Run, tmp_path: Path) -> None:
    file = tmp_path / "more-time.csv"
    file.write_text("learner,days\nann,soon\n")
    result = grade("--extensions", file)
    said = "'days' is 'soon'; it must be a whole number, more than 0 and at most 3660"
    assert (result.exit_code, result.stderr) == (2, f"{file}:2: {said}\n")
    assert not (tmp_path / "grades").exists()


# ---------------------------------------------------------------- set, unset, show, history


def test_a_score_set_by_hand_is_in_the_grades_after_every_regrade(gradebook: Run, grade: Run, tmp_path: Path) -> None:
    told = gradebook("set", "Zoë", "say-after", "9", "--comment", "shown in the lab", "--by", "eve")
    assert (told.exit_code, told.stdout) == (0, "Zoë, say-after: 9 points, set by hand\n")
    assert told.stderr == "grader: records, report and exports have it when 'grader grade' has been run again\n"
    grade("--regrade")
    assert grades(tmp_path)[2] == "Zoë,9,9,,"
    lines = (tmp_path / "grades" / "verdicts.jsonl").read_text().splitlines()
    score = next(one["score"] for one in map(json.loads, lines) if one["learner"] == "Zoë")
    assert score["points"] == 9
    assert score["said"].endswith(": shown in the lab")
    assert " of 10 (" in gradebook("show", "Zoë").stdout


def test_a_score_that_was_taken_back_leaves_the_verdict_and_stays_in_the_history(gradebook: Run) -> None:
    before = gradebook("show", "Zoë").stdout
    gradebook("set", "Zoë", "5", "9", "--comment", "shown in the lab", "--by", "eve")
    told = gradebook("unset", "Zoë", "5", "--comment", "not so", "--by", "mallory")
    assert told.stdout == "Zoë, say-after: the verdict counts again\n"
    assert gradebook("show", "Zoë").stdout == before
    history = gradebook("history", "Zoë", "say-after").stdout
    assert "UTC  by hand: set to 9 of 10 points by eve: shown in the lab\n" in history
    assert "UTC  by hand: taken back by mallory: not so\n" in history


def test_what_a_learner_has_is_shown(gradebook: Run) -> None:
    lines = gradebook("show", "ann").stdout.splitlines()
    assert lines[0] == "ann"
    assert "  say-after         10 of 10" in lines
    assert "  two-downloads     not handed in" in lines
    assert lines[-1] == "  total             10 of 120"


def test_a_learner_is_found_by_the_name_or_the_address_that_a_roster_gave(gradebook: Run, tmp_path: Path) -> None:
    with found(str(tmp_path / "grades")) as book:
        keep(book, {"ann": Called("Ann Lee", "ann@x.org"), "Zoë": Called("Ann Lee", "zoe@x.org")})
    assert gradebook("show", "ann").stdout.startswith("ann (Ann Lee)\n  ")
    assert gradebook("show", "ZOE@x.org").stdout.startswith("Zoë (Ann Lee)\n  ")
    assert gradebook("set", "ann@x.org", "say-after", 7, "--comment", "c").stdout.startswith(
        "ann (Ann Lee), say-after: 7 "
    )
    assert "set to 7 of 10 points" in gradebook("history", "ann@x.org", "say-after").stdout
    assert gradebook("unset", "ann@x.org", "say-after").exit_code == 0
    place = tmp_path / "grades" / "gradebook.sqlite"
    for said, why in (
        ("ann lee", "several learners are called 'ann lee': Zoë, ann; write the id"),
        ("ann@y.org", "there is no learner 'ann@y.org'; did you mean 'ann@x.org'?"),
    ):
        refused = gradebook("show", said)
        assert (refused.exit_code, refused.stderr.strip()) == (2, f"grader: {place}: {why}")


def test_the_history_has_what_was_handed_in_and_what_it_was_graded_with(gradebook: Run) -> None:
    head, handed_in, graded, counts = gradebook("history", "ann", "say_after").stdout.splitlines()
    assert head == "ann, say-after"
    assert "UTC  attempt 1: ann/say_after.py handed in (sha256 " in handed_in
    assert "UTC  attempt 1: passed, 10 of 10 points (course " in graded
    assert graded.endswith(", grader 0.1.0, in-process)")
    assert counts == "  counts: 10 of 10"


def test_the_history_ends_with_the_attempt_that_counts(gradebook: Run, grade: Run, class_: Path) -> None:
    shutil.copy(NOT_YET, class_ / "ann" / "say_after.py")
    grade()
    assert gradebook("history", "ann", "5").stdout.endswith("\n  counts: 5.75 of 10: attempt 2 of 2 counts, the last\n")
    best = gradebook("history", "ann", "5", "--attempts", "best").stdout
    assert best.endswith("\n  counts: 10 of 10: attempt 1 of 2 counts, the best\n")
    assert "10 of 10: attempt 1 of 2 counts, the best" in gradebook("show", "ann", "--attempts", "best").stdout


def test_the_history_of_who_has_a_score_only_ends_with_that(gradebook: Run) -> None:
    gradebook("set", "ann", "two-downloads", "3", "--comment", "oral", "--by", "eve")
    told = gradebook("history", "ann", "two-downloads").stdout
    assert "  nothing was handed in\n  counts: 3 of 10: set by eve on " in told


def test_a_history_in_which_nothing_is_says_so(gradebook: Run) -> None:
    assert gradebook("history", "ann", "two-downloads").stdout == "ann, two-downloads\n  nothing was handed in\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "anne"), "{place}: there is no learner 'anne'; did you mean 'ann'?"),
        (("show", "Gregor Samsa"), "{place}: there is no learner 'Gregor Samsa'; it has 2 learners"),
        (("history", "ann", "say-aftr"), "there is no exercise 'say-aftr'; did you mean 'say-after'?"),
        (
            ("set", "anne", "say-after", "1", "--comment", "x"),
            "{place}: there is no learner 'anne'; did you mean 'ann'?",
        ),
        (
            ("set", "ann", "say-aftr", "1", "--comment", "x"),
            "there is no exercise 'say-aftr'; did you mean 'say-after'?",
        ),
        (("set", "ann", "say-after", "11", "--comment", "x"), "say-after: 11 points cannot be given; give 0 to 10"),
        (("set", "ann", "say-after", "-1", "--comment", "x"), "say-after: -1 points cannot be given; give 0 to 10"),
        (("set", "ann", "say-after", "--comment", "-x", "-.5"), "say-after: -0.5 points cannot be given; give 0 to 10"),
        (("set", "ann", "say-after", "-inf", "--comment", "x"), "say-after: -inf points cannot be given; give 0 to 10"),
        (("set", "ann", "say-after", "nan", "--comment", "x"), "say-after: nan points cannot be given; give 0 to 10"),
        (("set", "ann", "say-after", "1", "--comment", " "), "there is no comment; say why with --comment"),
        (("set", "ann", "say-after", "1"), "there is no comment; say why with --comment"),
        (("set", "ann", "say-after", "11"), "say-after: 11 points cannot be given; give 0 to 10"),
        (("set", "ann", "say-aftr", "1"), "there is no exercise 'say-aftr'; did you mean 'say-after'?"),
        (("set", "anne", "say-after", "1"), "{place}: there is no learner 'anne'; did you mean 'ann'?"),
        (("unset", "ann", "say-after"), "ann, say-after: no score is set by hand"),
    ],
)
def test_what_cannot_be_done_says_why(gradebook: Run, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    result = gradebook(*arguments)
    place = tmp_path / "grades" / "gradebook.sqlite"
    assert (result.exit_code, result.stderr) == (2, f"grader: {said.format(place=place)}\n")


def test_a_slip_in_an_option_is_told_as_one(gradebook: Run) -> None:
    assert "No such option '--coment'" in gradebook("set", "ann", "say-after", "1", "--coment", "x").stderr


def test_a_gradebook_that_is_not_there_is_not_made(run: Run, tmp_path: Path) -> None:
    result = run("gradebook", "show", "ann", "--gradebook", tmp_path / "slip.sqlite")
    said = "there is no gradebook; name the folder that 'grader grade --out' wrote in"
    assert (result.exit_code, result.stderr) == (2, f"grader: {tmp_path / 'slip.sqlite'}: {said}\n")
    assert list(tmp_path.iterdir()) == []


def test_without_a_gradebook_it_is_asked_which(run: Run) -> None:
    said = "which gradebook? name it with --gradebook, such as --gradebook grades/"
    assert run("gradebook", "show", "ann").stderr == f"grader: {said}\n"


# ---------------------------------------------------------------- a platform's ids, and a roster's


@pytest.fixture
def canvas(run: Run, tmp_path: Path) -> Run:
    """`grader grade` of a download of Canvas's; the first of two is late there."""
    folder = tmp_path / "canvas"
    folder.mkdir()
    for name in ("lovelaceada_LATE_11_7_say_after.py", "babbagecharles_12_8_say_after.py"):
        shutil.copy(SOLUTIONS / "reference.py", folder / name)
    how = ("--out", tmp_path / "grades", "--exercise", "say-after", "--isolation", "in-process", "--jobs", "1")
    return lambda *options: run("grade", folder, *how, *options)


def test_what_canvas_calls_late_is_kept_and_shown(canvas: Run, run: Run, tmp_path: Path) -> None:
    assert canvas().exit_code == 0
    shown = run("gradebook", "show", "11", "--gradebook", tmp_path / "grades").stdout
    assert "10 of 10: late, as its platform says" in shown
    history = run("gradebook", "history", "11", "say-after", "--gradebook", tmp_path / "grades").stdout
    assert "late, as its platform says" in history
    table = run("export", tmp_path / "grades", "--format", "csv").stdout
    assert [line.split(",")[6] for line in table.splitlines()[1:]] == ["yes", "no"]
    assert "Late:\n  11: say-after" in run("stats", tmp_path / "grades").stdout


def test_a_score_set_by_hand_follows_its_learner_to_the_id_of_a_roster(canvas: Run, run: Run, tmp_path: Path) -> None:
    canvas()
    where = ("--gradebook", tmp_path / "grades")
    run("gradebook", "set", "11", "say-after", "4", "--comment", "copied", "--by", "tom", *where)
    roster = tmp_path / "roster.csv"
    roster.write_text("id,login,name\nada,11,Ada Lovelace\nbob,12,Charles Babbage\n")
    said = "grader: the score set by hand for 11 on say-after counts for ada, who has that id too"
    assert said in canvas("--roster", roster).stderr.splitlines()
    assert grades(tmp_path)[1:] == ["ada,4,4,,", "bob,10,10,,"]
    assert "4 of 10 (10 earned)" in run("gradebook", "show", "ada", *where).stdout
    assert said not in canvas("--roster", roster).stderr


def test_scores_of_learners_who_are_not_there_are_told_with_the_remedy(canvas: Run, run: Run, tmp_path: Path) -> None:
    canvas()
    where = ("--gradebook", tmp_path / "grades")
    run("gradebook", "set", "11", "say-after", "4", "--comment", "copied", "--by", "tom", *where)
    (tmp_path / "canvas" / "lovelaceada_LATE_11_7_say_after.py").unlink()
    assert canvas().stderr.splitlines()[0] == (
        "grader: scores set by hand for learners who are not among these do not count here: 11; "
        "who has another id now needs it there, with 'grader gradebook set'"
    )


def test_a_regrade_that_is_interrupted_says_that_the_verdicts_of_before_count(
    grade: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grade()
    before = grades(tmp_path)

    def interrupted(*_: object, **__: object) -> Graded:
        return Graded({}, interrupted=True)

    with monkeypatch.context() as then:
        then.setattr("grader.batch.grading.grade_all", interrupted)
        result = grade("--regrade")
    assert result.exit_code == 130
    said = "grader: interrupted; 2 files were not graded again; their verdicts of before count"
    assert result.stderr.splitlines() == [said]
    assert grades(tmp_path) == before


def test_what_is_new_when_it_is_interrupted_is_not_graded(grade: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as then:
        then.setattr("grader.batch.grading.grade_all", lambda *_, **__: Graded({}, interrupted=True))
        result = grade()
        assert result.stderr.splitlines() == ["grader: interrupted; 2 files were not graded"]
        assert result.stdout.startswith("0 files graded; the report is ")
