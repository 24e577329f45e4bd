from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from geo.errors import FileError, UsageError
from geo.files import TEMPORARY, atomic_path, build_time, hold_folder, require_file, stage_files


def test_success_replaces_the_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")
    with atomic_path(target) as temporary:
        assert temporary.name == "out.txt"
        assert target.read_text() == "old"
        temporary.write_text("new")
        temporary.with_name("out.txt-journal").write_text("side file")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert names_in(tmp_path) == ["out.txt"]


def names_in(folder: Path) -> list[str]:
    return [entry.name for entry in folder.iterdir()]


def fail_half_way(target: Path, fault: BaseException) -> None:
    with atomic_path(target) as temporary:
        temporary.write_text("half")
        raise fault


@pytest.mark.parametrize("fault", [ValueError("ours"), KeyboardInterrupt()])
def test_error_leaves_the_folder_as_it_was(tmp_path: Path, fault: BaseException) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")
    with pytest.raises(type(fault)):
        fail_half_way(target, fault)
    assert target.read_text() == "old"
    assert names_in(tmp_path) == ["out.txt"]


def test_full_disk_is_a_file_error_with_the_path(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    with pytest.raises(FileError, match=r"out\.txt: No space left on device"), atomic_path(target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert names_in(tmp_path) == []


def test_nothing_written_is_a_file_error(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="No such file"), atomic_path(tmp_path / "out.txt"):
        pass


@pytest.mark.parametrize("name", ["missing", "x" * 4000])
def test_impossible_target_is_refused_before_the_body(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError), atomic_path(tmp_path / name / "out.txt"):
        pytest.fail("the body ran")


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_mode_follows_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with atomic_path(tmp_path / "out.txt") as temporary:
            temporary.write_text("x")
    finally:
        os.umask(before)
    assert (tmp_path / "out.txt").stat().st_mode & 0o777 == 0o666 & ~umask


def test_leftovers_of_killed_runs_go(tmp_path: Path) -> None:
    (tmp_path / f"{TEMPORARY}abc").mkdir()
    (tmp_path / f"{TEMPORARY}abc" / "half.gpkg").write_text("half")
    (tmp_path / "mine").mkdir()
    with hold_folder(tmp_path):
        assert names_in(tmp_path) == ["mine"]


def test_a_held_folder_names_its_holder_and_is_free_again(tmp_path: Path) -> None:
    with hold_folder(tmp_path):
        code = (
            "from pathlib import Path; from geo.files import hold_folder\n"
            f"with hold_folder(Path({str(tmp_path)!r})): pass"
        )
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert f"LockedError: {tmp_path}: held by pid {os.getpid()} since " in other.stderr
    with hold_folder(tmp_path):
        pass


def test_a_lock_that_cannot_be_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with hold_folder(tmp_path / "out"):
        [lock] = tmp_path.glob("*.lock")
    lock.unlink()
    lock.mkdir()
    with (
        pytest.raises(FileError, match=r"\.lock: .* — delete it, or choose another folder"),
        hold_folder(tmp_path / "out"),
    ):
        pass


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
def test_a_folder_is_free_for_another_user_and_held_against_one() -> None:
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[2]); from pathlib import Path; from geo.files import hold_folder\n"
        "os.setuid(65534)\n"
        "with hold_folder(Path(sys.argv[1])): pass"
    )
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", code, folder, str(Path(__file__).resolve().parents[2])]
        with hold_folder(Path(folder)):
            held = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "LockedError" in held.stderr
        Path(folder).chmod(0o755)
        free = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (free.returncode, free.stderr) == (0, "")
        with hold_folder(Path(folder)):
            pass


@pytest.mark.parametrize("seconds", ["abc", "", "9" * 30])
def test_a_build_time_that_is_none_is_wrong_usage(seconds: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
    with pytest.raises(UsageError, match=f"^SOURCE_DATE_EPOCH={seconds}: "):
        build_time()


def test_a_set_of_files_changes_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(FileError), stage_files(tmp_path) as stage:
        (stage / "a").write_text("new") and (stage / "missing").rename(stage / "b")
    assert (names_in(tmp_path), (tmp_path / "a").read_text()) == (["a"], "old")
    with stage_files(tmp_path) as stage:
        (stage / "a").write_text("new")
        (stage / "b").write_text("new")
    assert sorted(names_in(tmp_path)) == ["a", "b"]
    assert (tmp_path / "a").read_text() == "new"


def test_a_file_in_the_way_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(FileError, match="choose another folder"), stage_files(tmp_path / "out"):
        pass


@pytest.mark.parametrize(
    "path", ["http://example.org/a.csv", "/vsicurl/http://x", "/vsis3/b/a.gpkg", "zip+https://example.org/a.zip"]
)
def test_network_paths_are_refused(path: str) -> None:
    with pytest.raises(UsageError, match="download the file first"):
        require_file(path)


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path in (tmp_path, tmp_path / "fifo", tmp_path / "loop", tmp_path / "missing", "/dev/zero", "a\0b"):
        with pytest.raises(UsageError):
            require_file(path)
    (tmp_path / "real.csv").write_text("x")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    assert require_file(tmp_path / "link.csv").read_text() == "x"
