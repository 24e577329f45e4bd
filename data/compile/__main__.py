"""Download the sources and compile the reference data anew: ``python data/compile``.

Needs the package's own dependencies, shapely 2.2, pip and npm; takes a few minutes. A second run gives the same bytes.
``python data/compile registry`` alone brings ``registry.json`` up to date after a CSV was changed by hand.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the border rule is the package's own

from basemap import compile_basemap  # noqa: E402 - the path comes first
from gazetteer import compile_gazetteer  # noqa: E402
from regions import compile_regions  # noqa: E402
from sources import download_packages  # noqa: E402


def main() -> None:
    """Compile everything, or the registry alone."""
    download_packages()
    compile_regions()
    compile_gazetteer()
    compile_basemap()


if __name__ == "__main__":
    main()
