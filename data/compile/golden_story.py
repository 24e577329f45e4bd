"""Golden results that a story's statements and single incidents give: sections of `golden`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from geopy.distance import geodesic

from geo.actors import read_actors
from geo.arithmetic import check_claims
from geo.claims import claimed_point, read_claims
from geo.gazetteer import read_gazetteer
from geo.geocode import geocode_incidents
from geo.readers.story import read_story
from geo.readers.table import read_incidents
from geo.reference import reference_path
from geo.regions import join_regions, read_regions
from geo.totals import read_totals
from layers.figures import Evidence
from layers.verdict import judge_story

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

    from layers.verdict import CheckVerdict, Verdict

SCHOOL, JINAH = "CS598", "CS578"


@cache
def locate() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the built-in incidents, located and joined, and the regions."""
    regions = read_regions()
    listed = read_incidents(reference_path("incidents.csv"), regions=regions)
    located = geocode_incidents(listed, [read_gazetteer(regions=regions)], regions=regions)
    return join_regions(located, regions), regions


@cache
def list_claims() -> pd.DataFrame:
    """Return the claims about the built-in incidents."""
    listed = read_incidents(reference_path("incidents.csv"))
    return read_claims(incidents=listed, actors=read_actors())


@cache
def judge() -> dict[str, Verdict]:
    """Return the verdicts on the built-in story, by statement."""
    actors = read_actors()
    evidence = Evidence(read_totals(actors=actors), list_claims(), actors, locate)
    return {v.statement.id: v for v in judge_story(read_story(actors=actors), evidence)}


def format_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table of texts."""
    return [f"| {' | '.join(row)} |" for row in (header, ["---"] * len(header), *rows)]


def tell(check: CheckVerdict) -> str:
    """Return the readings of a check: figures, what the statement left open, and what came of it."""
    outcomes = {True: "holds", False: "does not", None: "undecided"}
    told = []
    for reading in check.readings:
        keys = ", ".join(v for k, v in reading.keys.items() if v and k in ("source", "published", "incident"))
        note = f", {reading.note}" if reading.note else ""
        told.append(f"{reading.left} against {reading.right} ({keys}{note}): {outcomes[reading.holds]}")
    return "; ".join(told) or "no figures of this scope"


def tell_verdicts() -> list[str]:
    """Return the verdict on every statement, and the figures behind it."""
    rows = [
        (verdict.statement.says, f"**{verdict.verdict}**", "<br>".join(tell(check) for check in verdict.checks))
        for verdict in judge().values()
    ]
    return [
        "### What a story of that week says",
        "",
        "Verdicts of `incidentmap story` on the statements of `data/story.toml`.",
        "",
        *format_table(("Statement", "Verdict", "Figures"), rows),
    ]


def tell_scopes() -> list[str]:
    """Return with which scope the shares of strikes hold, and the alleged deaths of March day by day."""
    share, series = judge()["us-share-of-strikes"].checks, judge()["alleged-in-march"].checks
    lines = [f"- {check.query}: {check.verdict}; would hold {told}" for check in share for told in check.would_hold]
    days = [(r.keys["published"], r.keys["series"], r.left, f"`{r.rows[0]}`") for r in series[0].readings]
    growth, part = series[2].readings[0], series[3].readings[0]
    return [
        "## 3. Two figures, each true in a scope that the story leaves out",
        "",
        *lines,
        "",
        "Civilians killed by the coalition in Iraq and Syria in March 2017, as Airwars had it on three days:",
        "",
        *format_table(("Published", "Series", "Civilians", "Row"), days),
        "",
        f"Between the first day and the last it grew by {growth.left}.",
        f"That the {part.left} are a part of the {part.right}: {series[3].verdict}.",
    ]


def tell_places() -> list[str]:
    """Return the claims about the school, its parts and points, and where al-Jinah lies."""
    claims, incidents = list_claims(), locate()[0].set_index("incident_id")
    school, jinah = incidents.loc[SCHOOL], incidents.loc[JINAH]
    told = claims[(claims["incident_id"] == SCHOOL) & claims["measure"].isin(["civilians", "all_deaths"])]
    told = told[told["min"].notna() | told["max"].notna()]
    rows = [
        (c.source, c.measure.replace("_", " "), _write_range(c.min, c.max), c.stance, _text(c.published))
        for c in told.itertuples()
    ]
    parts = {part: int(school[f"{part}_min"]) for part in ("children", "women", "men")}
    point = claims.set_index("claim_id").loc[f"{SCHOOL}-ucdp-1", "location"]
    km = geodesic((school.geometry.y, school.geometry.x), claimed_point(point)).km
    codes = sorted({problem.code for problem in check_claims(claims[claims["incident_id"] == SCHOOL])})
    killed, days = _write_range(school["killed_min"], school["killed_max"]), school["date_end"] - school["date_start"]
    numbers = ", ".join(f"{number} {part}" for part, number in parts.items())
    return [
        "## 5. The school and the mosque",
        "",
        *format_table(("Source", "Measure", "Killed at the school", "Stance", "Published"), rows),
        "",
        f"The record has {killed} civilians killed, and parts of at least {sum(parts.values())}: {numbers}",
        f"(`{'`, `'.join(codes)}`).",
        f"Airwars and UCDP place it {km:.2f} km apart and date it {days.days} day apart;",
        "the record keeps both days.",
        "",
        f"Al-Jinah is stated {jinah['admin1']} and joined to {jinah['adm1_name']}: by the built-in boundaries its",
        f"point lies {jinah['admin_km']:.2f} km outside {jinah['admin1']}.",
    ]


def _write_range(low: object, high: object) -> str:
    ends = ["" if text == "<NA>" else text for text in (str(low), str(high))]
    if ends[0] == ends[1]:
        return ends[0]
    return f"at least {ends[0]}" if not ends[1] else f"{ends[0]}–{ends[1]}" if ends[0] else f"up to {ends[1]}"


def _text(cell: object) -> str:
    return str(cell)[:10] if isinstance(cell, str) or (hasattr(cell, "isoformat") and str(cell) != "NaT") else ""
