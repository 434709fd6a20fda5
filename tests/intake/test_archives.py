"""Archives as a stranger makes them: what is inside lands below one folder, is bounded, or is listed with the reason."""

import io
import os
import stat
import struct
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.door.text import LARGEST
from grader.errors import UsageError
from grader.intake.members import ArchiveError, parts_of
from grader.intake.unpack import Caps, scratch, unpack
from tests.intake.builders import tarred, zipped
from tests.intake.taking import named, put, strays, take_in, taken

Names = Iterable[tuple[str, bytes]]
PASS = b"pass\n"


def unpacked(archive: Path, caps: Caps | None = None) -> tuple[set[str], dict[str, str]]:
    """What is there afterwards, and what was left out."""
    into = archive.parent / "into"
    left = unpack(archive, "a", into, caps) if caps else unpack(archive, "a", into)
    there = {file.relative_to(into).as_posix() for file in into.rglob("*") if file.is_file()}
    return there, {stray.path: stray.reason for stray in left}


def refused(archive: Path, caps: Caps | None = None) -> str:
    """Why all of it is; nothing is left of it."""
    with pytest.raises(ArchiveError) as told:
        unpacked(archive, caps)
    assert not (archive.parent / "into").exists()
    return str(told.value)


@pytest.mark.parametrize(
    ("ending", "mode"), [("tar", "w"), ("tar.gz", "w:gz"), ("tgz", "w:gz"), ("tar.bz2", "w:bz2"), ("tbz2", "w:bz2")]
)
def test_tars_are_unpacked(ending: str, mode: str, tmp_path: Path) -> None:
    archive = tarred(tmp_path / f"a.{ending}", [("w/say_after.py", PASS), ("./x.py", PASS)], mode)
    assert unpacked(archive) == ({"w/say_after.py", "x.py"}, {})


def test_zips_are_unpacked_with_the_content_that_they_have(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "A.ZIP", [("w/", b""), ("w/say_after.py", b"x = 1\n" * 1000)])
    assert unpacked(archive) == ({"w/say_after.py"}, {})
    assert (tmp_path / "into" / "w" / "say_after.py").read_bytes() == b"x = 1\n" * 1000


BAD = {
    "../evil.py": "a path with '..'",
    "w/../../evil.py": "a path with '..'",
    "w\\..\\evil.py": "a path with '..'",
    "/etc/evil.py": "an absolute path",
    "\\\\server\\evil.py": "an absolute path",
    "C:\\evil.py": "an absolute path",
    "c:evil.py": "an absolute path",
    "w/\x1b[2J.py": "a name with control characters",
    "w/" + "n" * 300 + ".py": "a name that is too long",
    "d/" * 32 + "x.py": "deeper than 32 folders",
}


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_members_that_would_land_elsewhere_are_left_out_and_the_rest_is_taken(pack: Any, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    archive = pack(folder / f"a.{'zip' if pack is zipped else 'tar'}", [(name, PASS) for name in [*BAD, "good.py"]])
    there, left = unpacked(archive)
    assert (there, left) == ({"good.py"}, {f"a/{name}": reason for name, reason in BAD.items()})
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize(
    "name", ["w/say_after.py", "./a/./b.py", "w\\a.py", "ä/ö.py", "a b/c", "..a/b..", "c", "...", "ab:c"]
)
def test_ordinary_names_are_taken(name: str) -> None:
    assert isinstance(parts_of(name), tuple)


@given(st.text(st.characters(exclude_categories=()) | st.sampled_from("./\\:"), max_size=40))
def test_a_member_of_any_name_stays_below_or_is_refused(name: str) -> None:
    parts = parts_of(name)
    if not isinstance(parts, str):
        assert parts
        assert not {"", ".", ".."} & {*parts}
        assert not any("/" in part or "\\" in part or "\0" in part for part in parts)
        assert not PurePosixPath(*parts).is_absolute()


SLY = st.text("aA./\\ é\u0301", min_size=1, max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(SLY, max_size=8), kind=st.sampled_from(["zip", "tar"]))
def test_whatever_members_are_called_nothing_lands_outside_and_each_is_taken_or_listed(
    names: list[str], kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    top = tmp_path_factory.mktemp("any")
    with warnings.catch_warnings(action="ignore"):  # of zipfile's, about names that come twice
        archive = (zipped if kind == "zip" else tarred)(top / "in" / f"a.{kind}", [(name, PASS) for name in names])
    there, left = unpacked(archive)
    assert [path.name for path in top.iterdir()] == ["in"]
    assert {path.name for path in (top / "in").iterdir()} == {f"a.{kind}", "into"}
    files = [name for name in names if not (kind == "zip" and name.endswith("/"))]
    assert len(there) + len(left) <= len(files)
    assert bool(there or left) == bool(files)


def test_links_and_devices_are_left_out_of_a_tar(tmp_path: Path) -> None:
    kinds = {
        "s": tarfile.SYMTYPE,
        "h": tarfile.LNKTYPE,
        "c": tarfile.CHRTYPE,
        "b": tarfile.BLKTYPE,
        "f": tarfile.FIFOTYPE,
    }
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for name, kind in kinds.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        below = tarfile.TarInfo("s/x.py")
        below.size = len(PASS)
        archive.addfile(below, io.BytesIO(PASS))
    there, left = unpacked(tmp_path / "a.tar")
    special = "neither a file nor a folder"
    assert left == {"a/s": "a link", "a/h": "a link", "a/c": special, "a/b": special, "a/f": special}
    assert there == {"s/x.py"}
    assert not (tmp_path / "into" / "s").is_symlink()


@pytest.mark.parametrize(("kind", "reason"), [(stat.S_IFLNK, "a link"), (stat.S_IFIFO, "neither a file nor a folder")])
def test_links_and_devices_are_left_out_of_a_zip(kind: int, reason: str, tmp_path: Path) -> None:
    info = zipfile.ZipInfo("say_after.py")
    info.create_system, info.external_attr = 3, (kind | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert unpacked(tmp_path / "a.zip") == (set(), {"a/say_after.py": reason})


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ("Say_After.py", "its name differs from say_after.py too little"),
        ("say_after.py", "its name comes twice; the first was taken"),
    ],
)
def test_of_names_that_are_one_on_some_disks_the_first_is_taken(second: str, reason: str, tmp_path: Path) -> None:
    archive = tarred(tmp_path / "a.tar", [("say_after.py", b"1\n"), (second, b"2\n")])
    assert unpacked(archive) == ({"say_after.py"}, {f"a/{second}": reason})
    assert (tmp_path / "into" / "say_after.py").read_bytes() == b"1\n"


def test_a_file_that_would_be_a_folder_too_is_left_out(tmp_path: Path) -> None:
    there, left = unpacked(tarred(tmp_path / "a.tar", [("w", PASS), ("w/x.py", PASS), ("y.py", PASS)]))
    assert (there, list(left)) == ({"w", "y.py"}, ["a/w/x.py"])


def test_what_is_hidden_is_one_line(tmp_path: Path) -> None:
    names = ["__MACOSX/._x.py", "__MACOSX/w/._y.py", "w/.git/a", "w/.git/b", "w/x.py"]
    there, left = unpacked(zipped(tmp_path / "a.zip", [(name, PASS) for name in names]))
    reason = "hidden or made by a program; not looked into"
    assert (there, left) == ({"w/x.py"}, {"a/__MACOSX": reason, "a/w/.git": reason})


# ---------------------------------------------------------------- names in other alphabets


def _without_the_flag(archive: Path) -> None:
    """As programs write it that put UTF-8 into names and do not say so."""
    data = bytearray(archive.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark) + at
        data[place : place + 2] = struct.pack("<H", struct.unpack_from("<H", data, place)[0] & ~0x800)
    archive.write_bytes(data)


@pytest.mark.parametrize("flag", [True, False])
def test_names_in_utf8_are_read_with_and_without_the_flag(flag: bool, tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", [("Übung/解.py", PASS)])
    if not flag:
        _without_the_flag(archive)
    assert unpacked(archive) == ({"Übung/解.py"}, {})


def test_a_name_that_is_not_utf8_though_it_says_so_refuses_the_archive(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", [("é.py", PASS)])
    archive.write_bytes(archive.read_bytes().replace("é".encode(), b"\xff\xff"))
    assert refused(archive) == "damaged, or not what its name says"


def test_a_tars_names_in_any_bytes_are_taken_and_can_be_written_down(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "ann.tar", "w", format=tarfile.GNU_FORMAT, encoding="latin-1") as archive:
        info = tarfile.TarInfo("é/say_after.py")
        archive.addfile(info)
    intake = take_in([tmp_path])
    assert taken(intake) == [("ann", "say-after", "ann.tar/\\xe9/say_after.py")]


# ---------------------------------------------------------------- bombs


def test_a_file_that_would_grow_past_its_limit_costs_itself_only(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", [("big.py", b"#" * (LARGEST + 1)), ("x.py", PASS)])
    assert unpacked(archive) == ({"x.py"}, {"a/big.py": "larger than 1 MiB"})


def _lying(archive: Path, size: int) -> Path:
    """The sizes that it claims, changed in both places."""
    data = bytearray(archive.read_bytes())
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.find(mark) + at, size)
    archive.write_bytes(data)
    return archive


def test_a_size_that_is_a_lie_is_not_believed(tmp_path: Path) -> None:
    archive = _lying(zipped(tmp_path / "a.zip", [("big.py", b"#" * (8 * LARGEST))]), 10)
    there, left = unpacked(archive)
    assert (there, list(left)) == (set(), ["a/big.py"])


@pytest.mark.parametrize("pack", ["zip", "tar.gz"])
def test_what_would_grow_a_hundredfold_is_refused(pack: str, tmp_path: Path) -> None:
    members = [(f"{at}.py", b"\0" * LARGEST) for at in range(16)]
    archive = zipped(tmp_path / "a.zip", members) if pack == "zip" else tarred(tmp_path / "a.tar.gz", members, "w:gz")
    assert refused(archive) == "it would grow to more than 100 times its size"


@pytest.mark.parametrize("pack", ["zip", "tar.gz"])
def test_what_would_be_more_than_its_cap_is_refused(pack: str, tmp_path: Path) -> None:
    members = [(f"{at}.py", os.urandom(LARGEST)) for at in range(4)]
    archive = zipped(tmp_path / "a.zip", members) if pack == "zip" else tarred(tmp_path / "a.tar.gz", members, "w:gz")
    assert refused(archive, Caps(2000, 3 << 20)) == "more than 3 MiB unpacked"
    assert len(unpacked(archive, Caps(2000, 5 << 20))[0]) == 4


def test_a_tar_is_not_read_past_its_cap_for_what_it_skips(tmp_path: Path) -> None:
    archive = tarred(tmp_path / "a.tar.gz", [("huge.py", b"\0" * (70 << 20)), ("x.py", PASS)], "w:gz")
    assert refused(archive) == "more than 64 MiB unpacked"


@pytest.mark.parametrize("pack", ["zip", "tar"])
def test_too_many_members_are_refused(pack: str, tmp_path: Path) -> None:
    members = [(f"{at}.py", b"") for at in range(11)]
    archive = zipped(tmp_path / "a.zip", members) if pack == "zip" else tarred(tmp_path / "a.tar", members)
    assert refused(archive, Caps(10, 1 << 20)) == "more than 10 members"
    assert len(unpacked(archive, Caps(11, 1 << 20))[0]) == 11


def test_members_are_counted_before_zipfile_makes_an_object_of_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK\x01\x02" * 5000)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert refused(tmp_path / "a.zip") == "more than 2000 members"


def test_members_that_share_their_bytes_are_counted_each(tmp_path: Path) -> None:
    """A directory with many entries for the same compressed bytes: small, and without a member that is too large."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packed.compress(b"\0" * LARGEST) + packed.flush()
    crc = zlib.crc32(b"\0" * LARGEST)
    name = b"x.py"
    head = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(data), LARGEST, len(name), 0) + name
    entries = b""
    for at in range(200):
        own = f"{at:04}"[:4].encode()
        entries += struct.pack(
            "<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, crc, len(data), LARGEST, 4, 0, 0, 0, 0, 0, 0
        ) + (name if at == 0 else own)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 200, 200, len(entries), len(head) + len(data), 0)
    (tmp_path / "a.zip").write_bytes(head + data + entries + end)
    into = tmp_path / "into"
    try:
        left = unpack(tmp_path / "a.zip", "a", into)
    except ArchiveError:
        assert not into.exists()
    else:
        assert (len(left), [file.name for file in into.iterdir()]) == (199, ["x.py"])


def test_an_archive_in_a_learners_archive_stays_packed(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip").read_bytes()
    zipped(tmp_path / "class" / "ann.zip", [("again.zip", inner), ("say_after.py", PASS)])
    intake = take_in([tmp_path / "class"])
    assert taken(intake) == [("ann", "say-after", "ann.zip/say_after.py")]
    assert strays(intake) == {"ann.zip/again.zip": "an archive in an archive; not unpacked"}


def test_an_archive_that_holds_itself_for_ever_is_opened_twice_at_most(tmp_path: Path) -> None:
    """What a quine does: each level has the next one; the download and the learner's archive are opened, no third."""
    content = PASS
    for level in range(6):
        content = zipped(tmp_path / f"{level}.zip", [("r.zip" if level else "say_after.py", content)]).read_bytes()
    intake = take_in([put(tmp_path / "in" / "download.zip", content)])
    assert strays(intake) == {"r.zip/r.zip": "an archive in an archive; not unpacked"}


def test_of_many_archives_of_one_learner_ten_are_unpacked(tmp_path: Path) -> None:
    for at in range(12):
        zipped(tmp_path / "ann" / f"{at:02}.zip", [(f"{at}.txt", b"")])
    put(tmp_path / "ann" / "say_after.py")
    left = strays(take_in([tmp_path]))
    assert {path for path, reason in left.items() if reason == "more than 10 archives; not unpacked"} == {
        "ann/10.zip",
        "ann/11.zip",
    }


@pytest.mark.parametrize("size", [9 << 10, -512])
def test_headers_longer_than_any_file_needs_are_refused(size: int, tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, max(size, 0)
    head = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    if size < 0:
        head[124:136] = b"\xff" * 4 + (size).to_bytes(8, "big", signed=True)
        head[148:156] = b"        "
        head[148:156] = b"%06o\0 " % sum(head)
    (tmp_path / "a.tar").write_bytes(bytes(head) + b"1" * (9 << 10) + b"\0" * 1024)
    assert refused(tmp_path / "a.tar") == "headers longer than any file needs"


# ---------------------------------------------------------------- what is broken


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tar.bz2"])
@pytest.mark.parametrize(
    "content", [b"", b"not an archive", b"PK\x05\x06" + b"\xff" * 18, b"\x1f\x8b\x08\x00" + b"\xff" * 50]
)
def test_what_is_no_archive_is_refused(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    assert refused(tmp_path / name) == "damaged, or not what its name says"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_archive_with_any_bytes_changed_is_unpacked_or_refused(data: st.DataObject, tmp_path: Path) -> None:
    kind = data.draw(st.sampled_from(["zip", "tar", "tar.gz"]))
    members = [("w/say_after.py", PASS), ("x.py", PASS * 50)]
    archive = tmp_path / f"a.{kind}"
    if kind == "zip":
        zipped(archive, members)
    else:
        tarred(archive, members, "w:gz" if kind == "tar.gz" else "w")
    content = bytearray(archive.read_bytes())
    for at, byte in data.draw(st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=6)):
        content[at] = byte
    archive.write_bytes(content)
    with scratch() as place, suppress(ArchiveError):  # and nothing else
        unpack(archive, "a", place / "into")
        assert (place / "into").is_dir()


def test_a_member_that_is_damaged_costs_itself_only(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", [("x.py", b"abcdefgh" * 9), ("y.py", PASS)])
    content = bytearray(archive.read_bytes())
    content[content.find(b"x.py") + 4] ^= 0xFF
    archive.write_bytes(content)
    assert unpacked(archive) == ({"y.py"}, {"a/x.py": "damaged"})


def test_a_member_without_a_name_costs_itself_only(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", [("x.py", PASS), ("y.py", PASS)])
    archive.write_bytes(archive.read_bytes().replace(b"x.py", b"\0.py"))
    assert unpacked(archive) == ({"y.py"}, {"a/": "it has no name"})


def test_what_is_encrypted_is_left_out(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", [("x.py", PASS)])
    content = bytearray(archive.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.find(mark) + at] |= 1
    archive.write_bytes(content)
    assert unpacked(archive) == (set(), {"a/x.py": "encrypted"})


def test_a_way_of_compressing_that_takes_memory_as_it_pleases_is_left_out(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("x.py", PASS)
    assert unpacked(tmp_path / "a.zip") == (set(), {"a/x.py": "compressed in a way that is not read here"})


def test_a_learners_broken_archive_is_listed_and_a_download_is_an_error(tmp_path: Path) -> None:
    put(tmp_path / "class" / "ann" / "say_after.py")
    put(tmp_path / "class" / "bob.zip", "not an archive")
    reason = "damaged, or not what its name says"
    intake = take_in([tmp_path / "class"])
    assert strays(intake) == {"bob.zip": f"an archive that is not unpacked: {reason}"}
    assert intake.learners == ("ann", "bob")
    with pytest.raises(UsageError, match=rf"bob.zip: the archive is not unpacked: {reason}$"):
        take_in([tmp_path / "class" / "bob.zip"])


def test_archives_of_other_kinds_are_named(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.py")
    put(tmp_path / "ann" / "old.7z")
    put(tmp_path / "ann" / "old.tar.xz")
    reason = "an archive of a kind that is not unpacked; ask for a .zip"
    assert strays(take_in([tmp_path])) == {"ann/old.7z": reason, "ann/old.tar.xz": reason}


OTHER = "an archive of a kind that is not unpacked; ask for a .zip"


@pytest.mark.parametrize("only", [None, "say-after"])
@pytest.mark.parametrize("beside", ["ann.zip", "ann/say_after.py"])
def test_what_one_learner_handed_in_as_an_archive_of_another_kind_is_that_learners(
    only: str | None, beside: str, tmp_path: Path
) -> None:
    made = put(tmp_path / beside)
    if beside.endswith(".zip"):
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("say_after.py", "pass\n")
    for name in ("cem.rar", "Seven.7Z", "xz.tar.xz", "zoe.py.gz"):
        put(tmp_path / name)
    put(tmp_path / "readings.csv.gz")
    intake = take_in([tmp_path], only=named(only) if only else None)
    assert intake.learners == ("ann", "cem", "Seven", "xz", "zoe")
    told = strays(intake)
    assert {told.pop(name) for name in ("cem.rar", "Seven.7Z", "xz.tar.xz", "zoe.py.gz")} == {OTHER}
    assert list(told) == ["readings.csv.gz"]
    assert intake.left["cem"] == f"cem.rar ({OTHER})"


def test_an_archive_in_which_there_is_no_file_is_listed(tmp_path: Path) -> None:
    put(tmp_path / "ann" / "say_after.py")
    for path in (tmp_path / "dan.zip", put(tmp_path / "eve" / "empty.zip")):
        zipfile.ZipFile(path, "w").close()
    with zipfile.ZipFile(tmp_path / "fay.zip", "w") as archive:
        archive.writestr("week1/", "")
    with zipfile.ZipFile(tmp_path / "gus.zip", "w") as archive:
        archive.writestr(".git/config", "")
    intake = take_in([tmp_path])
    assert intake.learners == ("ann", "dan", "eve", "fay", "gus")
    reason = "an archive in which there is no file"
    assert strays(intake) == {
        **dict.fromkeys(["dan.zip", "eve/empty.zip", "fay.zip"], reason),
        "gus.zip/.git": "hidden or made by a program; not looked into",
    }
    assert intake.left["dan"] == f"dan.zip ({reason})"


def test_what_was_unpacked_is_removed_whatever_happens() -> None:
    places = []

    def interrupted() -> None:
        with scratch() as place:
            places.append(put(place / "a" / "x.py"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not places[0].parent.parent.exists()
