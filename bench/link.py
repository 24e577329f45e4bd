"""How well related records of two publishers are found, at each threshold, and how fast.

    python bench/link.py [--data ../shared/eval] [--sample 50] [--records 100000]

Needs a folder with ``import/ucdp_ged_syria_2017h1.csv``, ``import/airwars_syria_incidents.csv`` and
``reconcile/link_truth_ucdp_airwars.csv`` (pairs that one publisher's own citations say are one event). Of the true
pairs those count whose records are both there and at most three days apart. ``--sample`` prints proposals at the
default threshold, drawn with a fixed seed, to be read by a person: the list of true pairs is not complete, and so says
nothing of those that are not in it. ``--records`` times made-up records instead.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from geo.actors import read_actors
from geo.geocode import geocode_incidents
from geo.linking import THRESHOLD
from geo.linking.links import propose_links
from geo.readers.table import read_incidents
from geo.regions import join_regions, read_regions

SEED = 2017
LEFT, RIGHT = "import/ucdp_ged_syria_2017h1.csv", "import/airwars_syria_incidents.csv"
TRUTH = "reconcile/link_truth_ucdp_airwars.csv"
MOST_DAYS = 3


def locate(data: Path, name: str, folder: Path) -> pd.DataFrame:
    """Return the located incidents of one file, without the rows that are refused."""
    out = folder / f"{Path(name).stem}.csv"
    command = ["incidentmap", "locate", data / name, "-o", out, "--quarantine", folder / "aside.csv"]
    subprocess.run(command, check=False, capture_output=True)
    regions = read_regions()
    return join_regions(geocode_incidents(read_incidents(out), regions=regions), regions)


def measure(data: Path, sample: int) -> None:
    """Print recall and number of proposals at each threshold, and a sample to read."""
    with tempfile.TemporaryDirectory() as folder:
        left, right = (locate(data, name, Path(folder)) for name in (LEFT, RIGHT))
    pairs = pd.read_csv(data / TRUTH, dtype="str")
    near = pairs["day_diff"].astype(int).abs() <= MOST_DAYS
    pairs = pairs[near & pairs["ucdp_id"].isin(left["incident_id"])]
    true = set(map(frozenset, zip(pairs["ucdp_id"], pairs["airwars_code"], strict=True)))
    start = time.perf_counter()
    links = propose_links(left, right, actors=read_actors(), threshold=0.1)
    print(f"{len(left):,} x {len(right):,} records in {time.perf_counter() - start:.1f} s; {len(true)} true pairs")
    found = pd.Series([frozenset(pair) in true for pair in zip(links["id_a"], links["id_b"], strict=True)])
    print("threshold  proposals  true pairs found  recall")
    for threshold in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, THRESHOLD, 0.7, 0.8, 0.9):
        at = links["confidence"].astype(float) >= threshold
        print(f"{threshold:9.2f}  {at.sum():9,}  {found[at].sum():16}  {found[at].sum() / len(true):6.1%}")
    taken = links[links["confidence"].astype(float) >= THRESHOLD].sort_values(["id_a", "id_b"], ignore_index=True)
    for at in sorted(random.Random(SEED).sample(range(len(taken)), min(sample, len(taken)))):  # noqa: S311 - no secret
        print(" | ".join(map(str, taken.loc[at, ["id_a", "id_b", "relation", "confidence", "reason"]])))


def time_records(number: int) -> None:
    """Time proposals within one list of made-up records: 3,000 places, eight years."""
    chance = np.random.default_rng(SEED)
    base = geocode_incidents(read_incidents(Path(__file__).parents[1] / "data" / "incidents.csv"))
    places = base[base["precision"].isin(["town", "village", "city"])]
    records = places.iloc[chance.integers(0, len(places), number)].reset_index(drop=True)
    spots = chance.integers(0, 3_000, number)
    days = pd.to_datetime("2014-01-01") + pd.to_timedelta(chance.integers(0, 365 * 8, number), unit="D")
    toll = pd.array(chance.integers(0, 30, number), dtype="Int64")
    records = records.assign(
        incident_id=[f"r{k}" for k in range(number)],
        place=[f"Place {chr(97 + k % 26)}{chr(97 + k // 26 % 26)}{chr(97 + k // 676)}im" for k in spots],
        date_start=days,
        date_end=days,
        killed_min=toll,
        killed_max=toll,
        geometry=shapely.points(36 + spots % 60 / 10, 33 + spots // 60 / 12.5),
    )
    start = time.perf_counter()
    links = propose_links(records, actors=read_actors())
    print(f"{number:,} records: {len(links):,} proposals in {time.perf_counter() - start:.1f} s")


def main() -> None:
    """Measure against real pairs, or time made-up ones."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[1] / ".." / "shared" / "eval")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--records", type=int, default=0)
    options = parser.parse_args()
    if options.records:
        time_records(options.records)
    elif missing := [name for name in (LEFT, RIGHT, TRUTH) if not (options.data / name).exists()]:
        sys.exit(f"nothing was measured: give with --data the folder that holds {', '.join(missing)} (see --help)")
    else:
        measure(options.data, options.sample)


if __name__ == "__main__":
    main()
