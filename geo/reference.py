"""Where the embedded reference data lie, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent
_FOLDERS = (_HERE / "data", _HERE.parent / "data")


def reference_path(name: str) -> Path:
    """Return the path of the embedded file ``name``.

    Raises
    ------
    FileNotFoundError
        When the package was installed without its data.
    """
    for folder in _FOLDERS:
        if (folder / name).is_file():
            return folder / name
    message = f"embedded data file {name!r} is missing: reinstall incidentmap"
    raise FileNotFoundError(message)
