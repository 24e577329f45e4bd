"""What went in, what came out, with which settings: the ``manifest.json`` of a build."""

from __future__ import annotations

import hashlib
import json
from importlib import metadata
from typing import TYPE_CHECKING, Any

from geo import __version__
from geo.files import atomic_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

VERSIONS_OF = ("folium", "geopandas", "geopy", "numpy", "pandas", "pyarrow", "pyogrio", "shapely")
"""Packages whose version can change what a product says."""


def hash_file(path: Path) -> str:
    """Return the sha256 of a file as lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def describe_file(path: Path) -> dict[str, Any]:
    """Return name, size in bytes and sha256 of a file; its folder stays private."""
    return {"file": path.name, "bytes": path.stat().st_size, "sha256": hash_file(path)}


def write_manifest(
    path: Path,
    *,
    inputs: Mapping[str, Iterable[Path]],
    settings: Mapping[str, Any],
    counts: Mapping[str, Any],
    outputs: Iterable[Path],
) -> None:
    """Write the manifest of one build.

    Parameters
    ----------
    path
        The JSON file to write.
    inputs
        Role (``incidents``, ``gazetteers``, ``regions``, ``totals`` and so on) to the files read for it.
    settings
        The options in force; no folder of the user's machine among them.
    counts
        What was counted on the way in and out.
    outputs
        The files written.
    """
    content = {
        "inputs": {role: [describe_file(p) for p in paths] for role, paths in inputs.items()},
        "versions": {"incidentmap": __version__} | {name: metadata.version(name) for name in VERSIONS_OF},
        "settings": dict(settings),
        "counts": dict(counts),
        "outputs": [describe_file(p) for p in outputs],
    }
    with atomic_path(path) as temporary:
        temporary.write_text(
            json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n", encoding="utf-8"
        )
