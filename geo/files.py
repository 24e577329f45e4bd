"""Files in and out: which paths are read, and how a file is replaced whole or not at all."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from geo.errors import FileError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPORARY = ".incidentmap-"
"""Start of the name of every temporary folder this package makes beside an output."""


def require_file(path: Path | str) -> Path:
    """Return ``path`` when it is a regular local file.

    Raises
    ------
    UsageError
        For a URL, a GDAL virtual path, and anything that is missing or not a regular file.
    """
    text = str(path)
    if "://" in text or text.startswith("/vsi") or text.partition(":")[0].endswith(("+http", "+https")):
        message = f"{text}: network and virtual paths are not read; download the file first"
        raise UsageError(message)
    try:
        mode = Path(text).stat().st_mode  # follows links: a loop is an OSError
    except (OSError, ValueError) as error:
        message = f"{text}: {getattr(error, 'strerror', None) or error}"
        raise UsageError(message) from error
    if not stat.S_ISREG(mode):
        message = f"{text}: not a regular file"
        raise UsageError(message)
    return Path(text)


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


def remove_leftovers(folder: Path) -> None:
    """Delete what killed runs left in ``folder``; the caller holds the lock of that folder."""
    for leftover in folder.glob(f"{TEMPORARY}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
