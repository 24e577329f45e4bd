"""What was known when: the built-in claims replayed day by day, against what is documented of three incidents."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geo.actors import read_actors
from geo.claims import read_claims
from geo.ledger import keep_ledger
from geo.ranges import WIDEST, parse_rule
from geo.readers.table import read_incidents
from geo.reference import reference_path

if TYPE_CHECKING:
    from geo.ledger import Ledger

SUSIAN, JINAH, SCHOOL = "UCDP-242754", "CS578", "CS598"


@pytest.fixture(scope="module")
def listed() -> pd.DataFrame:
    return read_incidents(reference_path("incidents.csv"))


@pytest.fixture(scope="module")
def claims(listed: pd.DataFrame) -> pd.DataFrame:
    return read_claims(incidents=listed, actors=read_actors())


def replay(listed: pd.DataFrame, claims: pd.DataFrame, day: str) -> tuple[pd.DataFrame, Ledger]:
    shown, ledger = keep_ledger(listed, claims, as_of=date.fromisoformat(day))
    return shown.set_index("incident_id"), ledger


def killed(shown: pd.DataFrame, incident: str) -> tuple[int | None, int | None]:
    """Return the range of civilians killed in an incident."""
    low, high = (shown[f"killed_{end}"].to_dict()[incident] for end in ("min", "max"))
    return (None if pd.isna(low) else int(low)), (None if pd.isna(high) else int(high))


def tolls(ledger: Ledger, incident: str, source: str, measure: str) -> tuple[list[int | None], list[int | None]]:
    """Return the figures that a source gave of an incident, in their order, and those among them that still stand."""
    assert ledger.claims is not None
    said = ledger.claims
    said = said[(said["incident_id"] == incident) & (said["source"] == source) & (said["measure"] == measure)]
    figures = [None if pd.isna(n) else int(n) for n in said["min"]]
    return figures, [n for n, newer in zip(figures, said["superseded_by"].isna(), strict=True) if newer]


def test_the_tolls_of_the_bomb_near_susian(listed: pd.DataFrame, claims: pd.DataFrame) -> None:
    shown, ledger = replay(listed, claims, "2017-02-24")
    assert tolls(ledger, SUSIAN, "SOHR", "all_deaths") == ([14, 42, 51], [51])
    assert shown.index.tolist() == [SUSIAN]
    assert killed(shown, SUSIAN) == (34, 34)  # civilians among the 51 dead


@pytest.mark.parametrize(("day", "said", "standing"), [("2017-03-16", [42], [42]), ("2017-03-17", [42, 46, 49], [49])])
def test_the_tolls_of_the_mosque_in_al_jinah(
    listed: pd.DataFrame, claims: pd.DataFrame, day: str, said: list[int], standing: list[int]
) -> None:
    shown, ledger = replay(listed, claims, day)
    assert tolls(ledger, JINAH, "SOHR", "all_deaths") == (said, standing)
    assert killed(shown, JINAH) == (29, 29)  # SNHR, who count civilians


@pytest.mark.parametrize(
    ("day", "said", "standing", "toll"),
    [
        ("2017-03-22", [], [], (33, 33)),
        ("2017-03-28", [None], [None], (33, 33)),
        ("2017-09-24", [None], [None], (None, None)),  # "up to 30" on 3 April, "at least 40" on 24 September
        ("2018-06-27", [None], [None], (None, None)),
        ("2018-06-28", [None, 40], [40], (None, 40)),
    ],
)
def test_what_the_coalition_said_of_the_school(  # noqa: PLR0917  # the fixtures are two of them
    listed: pd.DataFrame,
    claims: pd.DataFrame,
    day: str,
    said: list[int | None],
    standing: list[int | None],
    toll: tuple[int | None, int | None],
) -> None:
    shown, ledger = replay(listed, claims, day)
    assert tolls(ledger, SCHOOL, "CJTF-OIR", "civilians") == (said, standing)
    assert killed(shown, SCHOOL) == toll


def test_on_24_march_2017_three_of_the_incidents_were_known(listed: pd.DataFrame, claims: pd.DataFrame) -> None:
    shown, ledger = replay(listed, claims, "2017-03-24")
    assert set(shown.index) == {SUSIAN, JINAH, SCHOOL}
    dated = claims.loc[claims["published"].notna(), "incident_id"].nunique()
    assert (ledger.left_out, ledger.undated) == (35 - 3, 35 - dated)
    assert shown[["description", "grading", "related", "event_type"]].isna().all(axis=None)


def test_the_widest_range_holds_that_of_the_list(listed: pd.DataFrame, claims: pd.DataFrame) -> None:
    wide, _ = keep_ledger(listed, claims, rule=WIDEST)
    above = (wide["killed_min"] > listed["killed_min"]) | (wide["killed_max"] < listed["killed_max"])
    assert listed.loc[above.fillna(value=False), "incident_id"].tolist() == []


def test_what_the_military_concedes(listed: pd.DataFrame, claims: pd.DataFrame) -> None:
    shown, _ = keep_ledger(listed, claims, rule=parse_rule("source-kind:military"))
    known = shown.dropna(subset="killed_min").set_index("incident_id")["killed_min"]
    conceded = {"CS561": 0, "CI537": 27, JINAH: 1, "CI550": 105, SCHOOL: 40, "CS603": 10, "CS609": 7}
    assert known.to_dict() == conceded | {"CI591": 12, "CS705": 25}
