"""What goes into a chunk, and what of a worker's answer is believed."""

import hashlib
from collections import deque
from pathlib import Path

import pytest
from msgspec.structs import replace

import grader
from grader.batch.worker import Job, Terms, grade_job
from grader.cluster import chunks
from grader.cluster.messages import Chunk, File, Hello, Ready, Report, Stamp, order, packed, unpacked
from grader.course.load import load_exercise
from grader.grading.stamp import digest
from grader.intake.model import Handed
from grader.run.submitted import Submitted, identity
from grader.verdict import Verdict, decode, encode

ROOT = Path(__file__).parents[2]
SAY_AFTER = load_exercise(ROOT / "exercises" / "05_say_after")
STAMP = Stamp(grader.__version__, "c0de", "3.11", {})
TERMS = Terms(isolation="in-process")


def job(path: object = "/nowhere/ann.py", learner: str = "ann") -> Job:
    return Job(Handed(learner, "say-after", str(path), "sub/ann.py"), SAY_AFTER, TERMS)


@pytest.fixture(scope="module")
def verdict() -> Verdict:
    return decode(grade_job(job(ROOT / "solutions" / "05_say_after" / "reference.py"))[1])


def answered(said: bytes) -> Verdict:
    file = File("ann", "say-after", "ann.py", b"source", None, "in-process")
    found, encoded = chunks.answer(job(), file, said, STAMP, digest(SAY_AFTER), "tcp://w:1")
    assert found == hashlib.sha256(b"source").hexdigest()
    return decode(encoded)


def test_much_work_goes_in_large_chunks_and_the_last_of_it_in_small_ones() -> None:
    left, sizes = deque([job()] * 1000), []
    while left:
        sizes.append(len(chunks.take(left, 4)))
    assert sizes[0] == 32
    assert sizes[-16:] == [1] * 16
    assert sizes == sorted(sizes, reverse=True)


def test_a_chunk_of_large_files_has_few(tmp_path: Path) -> None:
    (tmp_path / "large.py").write_bytes(b"#" * (1 << 20))
    assert len(chunks.take(deque([job(tmp_path / "large.py")] * 1000), 1)) == 4


def test_a_file_travels_with_its_content_and_its_last_name(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\xff\x00 bytes")
    [(_, file)], unreadable = chunks.read([job(tmp_path / "a.py")], "A")
    assert file == File("ann", "say-after", "ann.py", b"\xff\x00 bytes", None, "A")
    assert unreadable == []


def test_what_counts_beside_a_file_travels_with_it(tmp_path: Path) -> None:
    for name in ("ann", "0-say", "1-other"):
        (tmp_path / f"{name}.py").write_text(name)
    file = replace(SAY_AFTER.file, module="ann", needs=["0-say"], dependencies="both")
    one = Job(job(tmp_path / "ann.py").handed, replace(SAY_AFTER, file=file), TERMS)
    [(_, sent)], unreadable = chunks.read([one], "A")
    assert (sent.source, sent.files, unreadable) == (b"ann", (("0-say", b"0-say"),), [])
    known, _ = chunks.answer(one, sent, b"", STAMP, "", "tcp://w:1")
    assert known == identity(Submitted(b"ann", (("0-say", b"0-say"),)), one.exercise)
    assert known != hashlib.sha256(b"ann").hexdigest()


def test_a_file_that_cannot_be_read_is_answered_here_as_the_local_pool_does(tmp_path: Path) -> None:
    unreadable = job(tmp_path / "gone.py")
    assert chunks.read([unreadable], "A") == ([], [(unreadable, grade_job(unreadable))])


def test_a_verdict_is_passed_on_byte_for_byte(verdict: Verdict) -> None:
    said = encode(verdict)
    file = File("ann", "say-after", "ann.py", b"", None, "in-process")
    assert chunks.answer(job(), file, said, STAMP, digest(SAY_AFTER), "w")[1] == said


def test_no_verdict_is_a_process_that_died() -> None:
    found = answered(b"")
    assert (found.status, found.error, found.points) == ("error", "the process that graded this file died", 0)


def test_what_is_no_verdict_marks_nobody() -> None:
    found = answered(b'{"status": "passed"}')
    assert found.status == "error"
    assert found.error.startswith("tcp://w:1 sent no verdict: ")


def test_the_verdict_of_something_else_marks_nobody(verdict: Verdict) -> None:
    others = (
        replace(verdict, exercise="first-await"),
        replace(verdict, isolation="none"),
        replace(verdict, seed="say-after/bob"),
        replace(verdict, versions=replace(verdict.versions, grader="9.9")),
        replace(verdict, versions=replace(verdict.versions, course="0123456789ab")),
    )
    for other in others:
        assert answered(encode(other)).error == "tcp://w:1 sent the verdict of something else"
    assert answered(encode(verdict)).status == "passed"


def test_messages_come_out_as_they_went_in() -> None:
    file = File("ann", "say-after", "ann.py", b"\x00\xff", None, "A")
    chunk = Chunk("r", STAMP, "00", {"say-after": "0"}, (file,))
    assert unpacked(packed(chunk), Chunk) == chunk
    assert order(packed(file)) == file
    assert order(packed(Hello("A", ()))) == Hello("A", ())


@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"cos\nsystem\n(S'x'\ntR.", packed(Report("w")), "text", None, ValueError()]
)
def test_what_is_no_message_is_refused(data: object) -> None:
    with pytest.raises(Exception, match=r"Expected|truncated|instead of bytes|missing") as refused:
        unpacked(data, Ready)
    assert type(refused.value).__module__ == "msgspec"
