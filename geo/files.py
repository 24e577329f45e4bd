"""Files in and out: which paths are read, and how a file is replaced whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
import tempfile
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from geo.errors import FileError, LockedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPORARY = ".incidentmap-"
"""Start of the name of every temporary folder this package makes beside an output."""

_REMOTE = re.compile(r"[a-z][a-z0-9+.-]+:/|/vsi", re.IGNORECASE)  # pathlib leaves one slash of two


def require_local(path: Path | str) -> None:
    """Raise a `UsageError` for a URL and a GDAL virtual path."""
    if _REMOTE.match(str(path)):
        message = f"{path}: network and virtual paths are not read or written; download the file first"
        raise UsageError(message)


def require_file(path: Path | str) -> Path:
    """Return ``path`` when it is a regular local file.

    Raises
    ------
    UsageError
        For a URL, a GDAL virtual path, and anything that is missing or not a regular file.
    """
    require_local(path)
    text = str(path)
    try:
        mode = Path(text).stat().st_mode  # follows links: a loop is an OSError
    except (OSError, ValueError) as error:
        message = f"{text}: {getattr(error, 'strerror', None) or error}"
        raise UsageError(message) from error
    if not stat.S_ISREG(mode):
        message = f"{text}: not a regular file"
        raise UsageError(message)
    return Path(text)


def build_time() -> datetime:
    """Return the moment that files carry inside: ``SOURCE_DATE_EPOCH``, else 1980-01-01, never now.

    Raises
    ------
    UsageError
        When that is no number of seconds, or none that a date can have.
    """
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "315532800")
    try:
        return datetime.fromtimestamp(int(seconds), UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError) as error:
        message = f"SOURCE_DATE_EPOCH={seconds}: not the seconds from 1970 to a day — correct it, or unset it"
        raise UsageError(message) from error


@contextmanager
def atomic_path(path: Path | str) -> Iterator[Path]:
    """Yield a temporary path of the same name; on success it replaces ``path`` in one step.

    The temporary file lies in a hidden folder beside ``path`` (same file system, and side files such as SQLite journals
    stay in it). It is flushed to the disk, renamed, and the folder entry is flushed too. After any error ``path`` is
    as it was, and nothing is left behind.

    Raises
    ------
    FileError
        When anything in the body or the renaming fails with an `OSError`.
    """
    final = Path(path)
    folder: Path | None = None
    try:
        folder = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=final.parent))
        yield folder / final.name
        _sync(folder / final.name)
        (folder / final.name).replace(final)
        _sync(final.parent)
    except OSError as error:
        message = f"{final}: {error.strerror or error}"
        raise FileError(message) from error
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def check_folder(folder: Path) -> None:
    """Raise a `FileError` for a folder that cannot be: of too long a name, or where a file lies."""
    try:
        is_folder = stat.S_ISDIR(folder.stat().st_mode)
    except FileNotFoundError:
        return
    except OSError as error:
        message = f"{folder}: {error.strerror} — choose another folder with -o"
        raise FileError(message) from error
    if not is_folder:
        message = f"{folder}: not a folder — choose another with -o"
        raise FileError(message)


def write_text(text: str, path: Path | str) -> None:
    """Write a text file in UTF-8, line ends as they are, in one step (see `atomic_path`).

    Raises
    ------
    FileError
        When the file cannot be written; what was there before is left as it was.
    """
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")


@contextmanager
def stage_files(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder inside ``folder``; on success its files replace those of ``folder``, last written last.

    A set of files is thus changed as a whole: after any error, every file of ``folder`` is as it was. The file that
    vouches for the others (the manifest) is written last and so replaced last.

    Raises
    ------
    FileError
        When the folder cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=TEMPORARY, dir=folder))
    except OSError as error:
        message = f"{folder}: {error.strerror or error} — choose another folder with -o"
        raise FileError(message) from error
    try:
        yield stage
        for file in sorted(stage.iterdir(), key=lambda f: f.stat().st_mtime_ns):
            file.replace(folder / file.name)
        _sync(folder)
    except OSError as error:
        message = f"{folder}: {error.strerror or error}"
        raise FileError(message) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Keep other builds out of ``folder``, and clear what killed ones left in it.

    The lock lies in the system's temporary folder and dies with its process, so that outputs hold nothing but outputs.

    Raises
    ------
    LockedError
        When another build holds the folder, of whatever user; says which process, and since when.
    FileError
        When there can be no lock, or no such folder.
    """
    check_folder(folder)
    key = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / f"incidentmap-{key}"
    holder = path.with_suffix(".holder")
    lock = FileLock(path.with_suffix(".lock"), mode=0o666)  # it stays, and another user's build takes it next
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        who = holder.read_text(encoding="utf-8") if holder.exists() else "another build"
        message = f"{folder}: held by {who} — wait for it to end, or choose another folder with -o"
        raise LockedError(message) from error
    except OSError as error:
        message = f"{lock.lock_file}: {error.strerror or error} — delete it, or choose another folder with -o"
        raise FileError(message) from error
    try:
        with suppress(OSError):  # another user's build was killed and left its own
            holder.write_text(f"pid {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC", encoding="utf-8")
        for leftover in folder.glob(f"{TEMPORARY}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        yield
    finally:
        with suppress(OSError):
            holder.unlink()
        lock.release()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
