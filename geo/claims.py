"""Claims: who said which number of an incident, and when. Claims never add up; incidents do."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pandas as pd

from geo.actors import extend_actors
from geo.coordinates import parse_degrees
from geo.errors import refuse_errors
from geo.parse import CellError
from geo.readers.records import read_records, tell_rows
from geo.reference import reference_path
from geo.schema import GRADINGS, Field
from geo.spelling import find_nearest, fold_spelling

if TYPE_CHECKING:
    from pathlib import Path

    from geo.dates import DateOrder
    from geo.errors import Problem, Severity

MEASURES = ("civilians", "all_deaths", "children", "women", "men", "injured", "combatants")
"""What a claim counts. ``all_deaths`` are civilians and others together."""

STANCES = ("alleged", "assessed", "conceded", "credible", "non_credible", "denied")
"""How a source stands to its number: it alleges it, has weighed the evidence, admits it, or holds what others allege
for credible or not, or denies it."""

SOURCE_KINDS = ("recorder", "rights-group", "un", "military", "government", "rescue", "media", "local", "other")

CLAIM_FIELDS: tuple[Field, ...] = (
    Field("claim_id", "id", "Claim"),
    Field("incident_id", "id", "Incident"),
    Field("source", "text", "Source"),
    Field("source_kind", "choice", "Kind of source", choices=SOURCE_KINDS),
    Field("published", "day", "Published"),
    Field("actor", "actors", "Actor"),
    Field("measure", "choice", "Measure", choices=MEASURES),
    Field("min", "count", "Minimum"),
    Field("max", "count", "Maximum"),
    Field("stance", "choice", "Stance", choices=STANCES),
    Field("grading", "choice", "Grading", choices=GRADINGS),
    Field("location", "text", "Location as claimed"),
    Field("supersedes", "id", "Supersedes"),
    Field("note", "text", "Note"),
    Field("url", "urls", "Address"),
)
"""Columns of a claims file."""

REQUIRED = ("claim_id", "incident_id", "source", "measure", "stance")
"""Columns that must be there, and filled in every row."""

SYNONYMS = {"incident": "incident_id", "id": "claim_id", "date": "published", "actors": "actor", "kind": "source_kind"}
"""Names of other lists for our columns: pointed out, not guessed."""

_DAY = pd.Timedelta(days=1)


def read_claims(
    path: Path | str | None = None,
    *,
    incidents: pd.DataFrame,
    actors: pd.DataFrame,
    date_order: DateOrder | None = None,
) -> pd.DataFrame:
    """Return the claims of a CSV file, or refuse it with everything that is wrong in it.

    The parameters are those of `judge_claims`, which also returns what is merely odd.

    Raises
    ------
    UsageError
        When ``path`` is no regular local file.
    FileError
        When it cannot be read.
    InputError
        With every error in it.
    """
    path = reference_path("claims.csv") if path is None else path
    claims, problems = judge_claims(path, incidents=incidents, actors=actors, date_order=date_order)
    refuse_errors(path, problems)
    return claims


def claimed_point(location: str) -> tuple[float, float] | None:
    """Return latitude and longitude in degrees (EPSG:4326) when a claim gives its location so, ``None`` for a name."""
    latitude, comma, longitude = location.partition(",")
    if not comma:
        return None
    try:
        lat, lon = parse_degrees(latitude, "latitude"), parse_degrees(longitude, "longitude")
    except CellError:
        return None
    return None if lat is None or lon is None else (lat, lon)


def judge_claims(
    path: Path | str, *, incidents: pd.DataFrame, actors: pd.DataFrame, date_order: DateOrder | None = None
) -> tuple[pd.DataFrame, list[Problem]]:
    """Return the claims of a CSV file and all errors, findings and notes on it; refused cells are missing.

    Parameters
    ----------
    path
        A file with the columns `CLAIM_FIELDS`, of which only `REQUIRED` must be there.
    incidents
        The incidents that the claims are about, of any stage.
    actors
        Known actors; those of the incidents are known too.
    date_order
        Whether the day or the month comes first in ``03/04/2017``; ``None`` refuses such dates.

    Returns
    -------
    claims
        The columns `CLAIM_FIELDS`, indexed by ``row``: ``published`` is a day, ``min`` and ``max`` are people,
        ``actor`` holds ids; missing where it is not stated.
    problems
        Sorted by row.

    Raises
    ------
    InputError
        When it is no table at all.
    """
    known = extend_actors(actors, incidents["actors"].str.split("|").explode().dropna())
    claims, problems = read_records(
        path,
        CLAIM_FIELDS,
        what="claims",
        required=REQUIRED,
        synonyms=SYNONYMS,
        actors=known,
        date_order=date_order,
    )
    problems += _judge_incidents(claims, incidents)
    problems += _judge_rows(claims)
    problems += _judge_supersedes(claims)
    return claims, sorted(problems)


def _judge_incidents(claims: pd.DataFrame, incidents: pd.DataFrame) -> list[Problem]:
    """Find claims about incidents that the list lacks, and claims made before their incident began."""
    ids = incidents["incident_id"]
    strange = claims[claims["incident_id"].notna() & ~claims["incident_id"].isin(ids)]
    spellings = {fold_spelling(text): text for text in ids.dropna()} if len(strange) else {}
    near = [find_nearest(text, spellings) for text in strange["incident_id"]]
    wrong = ["is no incident of the list" + (f"; did you mean '{name}'?" if name else "") for name in near]
    first_days = incidents.drop_duplicates("incident_id").set_index("incident_id")["date_start"]
    began = claims["incident_id"].map(first_days)
    early = claims[claims["published"] < began - _DAY]
    before = [f"lies before the incident began on {day:%Y-%m-%d}" for day in began.loc[early.index]]
    todo, check = "write the incident_id of the list", "check the day and the incident"
    return [
        *tell_rows(strange, "incident_id", wrong=wrong, todo=todo, code="claim-incident"),
        *tell_rows(early, "published", wrong=before, todo=check, code="claim-early", severity="finding"),
    ]


def _judge_rows(claims: pd.DataFrame) -> list[Problem]:
    """Find crossed figures, denials with a figure, and sources of two kinds."""
    crossed = claims[(claims["min"] > claims["max"]).fillna(value=False)]
    above = [f"is above max {high}" for high in crossed["max"]]
    denied = claims[(claims["stance"] == "denied") & claims[["min", "max"]].notna().any(axis=1)]
    kinds = claims.dropna(subset=["source", "source_kind"])
    kind = kinds.groupby("source")["source_kind"].transform("first")
    unlike = kinds[kinds["source_kind"] != kind]
    other = [f"but the same source is '{told}' elsewhere" for told in kind.loc[unlike.index]]
    kept = "leave the figure out, for it enters no range, or correct the stance"
    return [
        *tell_rows(crossed, "min", wrong=above, todo="correct one of them", code="min-above-max"),
        *tell_rows(
            denied, "stance", wrong="denies, but with a figure", todo=kept, code="denied-figure", severity="finding"
        ),
        *tell_rows(unlike, "source_kind", wrong=other, todo="write one kind for one source", code="source-kind"),
    ]


def _judge_supersedes(claims: pd.DataFrame) -> list[Problem]:
    """Find claims that supersede nothing, themselves round about, or a claim about something else."""
    by_id = claims.dropna(subset="claim_id").drop_duplicates("claim_id").set_index("claim_id")
    linked = claims[claims["supersedes"].notna()]
    nowhere = linked[~linked["supersedes"].isin(by_id.index)]
    linked = linked.drop(nowhere.index)
    old = by_id.loc[linked["supersedes"]].set_axis(linked.index)
    astray = linked[linked["incident_id"] != old["incident_id"]]
    circle = linked[linked["claim_id"].isin(_find_circles(linked))]
    sound = linked.drop(astray.index.union(circle.index))
    old = old.loc[sound.index]
    unlike = sound[(sound["source"] != old["source"]) | (sound["measure"] != old["measure"])]
    late = sound[(sound["published"] < old["published"]).fillna(value=False)]
    todo, check = "write the claim_id of an earlier claim about the same incident", "check that it replaces that claim"
    judged = (
        (nowhere, "is the id of no claim", todo, "supersedes-nothing", "error"),
        (astray, "is a claim about another incident", todo, "supersedes-astray", "error"),
        (circle, "goes round in a circle", "leave out one of the circle", "supersedes-circle", "error"),
        (unlike, "is of another source or measure", check, "supersedes-unlike", "finding"),
        (late, "was published later than this claim", check, "supersedes-later", "finding"),
    )
    return [
        problem
        for rows, wrong, why, code, severity in judged
        for problem in tell_rows(
            rows, "supersedes", wrong=wrong, todo=why, code=code, severity=cast("Severity", severity)
        )
    ]


def _find_circles(linked: pd.DataFrame) -> set[str]:
    """Return the ids of claims that supersede themselves, be it through others."""
    older = dict(zip(linked["claim_id"], linked["supersedes"], strict=True))
    seen: set[str] = set()
    circles: set[str] = set()
    for start in list(older):
        at, trail = start, []
        while at in older and at not in seen:
            seen.add(at)
            trail.append(at)
            at = older[at]
        if at in trail:
            circles.update(trail[trail.index(at) :])
    return circles
