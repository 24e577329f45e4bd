"""Claims files: read, and refused with everything that is wrong in them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geo.actors import read_actors
from geo.claims import CLAIM_FIELDS, claimed_point, judge_claims, read_claims
from geo.errors import InputError
from geo.readers.table import read_incidents

if TYPE_CHECKING:
    from pathlib import Path

LIST = """incident_id,date,place,country,actors,killed_min,killed_max
A1,2017-03-17,Mosul,Iraq,Own Militia,4,9
B2,2017-03-20,Raqqa,Syria,russia,,
"""
HEADER = "claim_id,incident_id,source,published,actor,measure,min,max,stance,supersedes,note,url\n"


@pytest.fixture
def incidents(tmp_path: Path) -> pd.DataFrame:
    path = tmp_path / "list.csv"
    path.write_text(LIST, encoding="utf-8")
    return read_incidents(path)


def judge(tmp_path: Path, incidents: pd.DataFrame, text: str) -> tuple[pd.DataFrame, list[str]]:
    path = tmp_path / "claims.csv"
    path.write_text(text, encoding="utf-8")
    claims, problems = judge_claims(path, incidents=incidents, actors=read_actors())
    return claims, [f"{p.row} {p.column} {p.code} {p.severity}" for p in problems]


def test_a_claim_is_read_as_it_is_written(tmp_path: Path, incidents: pd.DataFrame) -> None:
    row = "c1,A1,'=SUM,17 March 2017,Own Militia|Russia,civilians,٤,unknown,Alleged,,a note,https://example.org/1\n"
    claims, problems = judge(tmp_path, incidents, HEADER + row)
    assert problems == []
    assert list(claims) == [field.name for field in CLAIM_FIELDS]
    [claim] = claims.to_dict("records")
    assert (claim["source"], claim["actor"], claim["stance"]) == ("=SUM", "Own Militia|russia", "alleged")
    assert claim["published"] == pd.Timestamp("2017-03-17")
    assert claim["min"] == 4
    assert pd.isna(claim["max"])
    assert claims["max"].dtype == "Int64"


def test_every_problem_is_named_at_once(tmp_path: Path, incidents: pd.DataFrame) -> None:
    rows = [
        "c1,A9,Army,2017-03-18,,civilians,1,1,alleged,,,",
        "c2,A1,Army,03/04/2017,Rusia,civilian,2,1,admitted,,,",
        "c2,A1,,2017-03,Nobody,civilians,3-4,x,alleged,nothing,,",
        "c4,B2,Army,2017-03-18,,civilians,5,4,alleged,c1,,",
        "c5,A1,Army,2031-01-01,,civilians,-1,,,c6,,",
        "c6,A1,Army,2017-03-18,,civilians,1,1,alleged,c5,,",
        "c7,A1,Ar\u202emy,2017-03-18,,civilians,1,1,alleged,c7,a\x07b,javascript:alert(1)",
        "c8,A1,Army,2017-03-01,,civilians,0,0,denied,,,https://user:secret@example.org/",
    ]
    claims, problems = judge(tmp_path, incidents, HEADER + "\n".join(rows) + "\n")
    assert problems == [
        "2 incident_id claim-incident error",
        "3 actor actor-near-miss error",
        "3 measure choice error",
        "3 min min-above-max error",
        "3 published date-order error",
        "3 stance choice error",
        "4 actor actor-unknown error",
        "4 claim_id id-twice error",
        "4 max count-unreadable error",
        "4 min count-range error",
        "4 published not-a-day error",
        "4 source cell-empty error",
        "4 supersedes supersedes-nothing error",
        "5 min min-above-max error",
        "5 published claim-early finding",
        "5 supersedes supersedes-astray error",
        "6 min count-negative error",
        "6 published date-future error",
        "6 stance cell-empty error",
        "6 supersedes supersedes-circle error",
        "7 supersedes supersedes-circle error",
        "8 note hostile-character error",
        "8 source hostile-character error",
        "8 supersedes supersedes-circle error",
        "8 url source-no-link finding",
        "9 published claim-early finding",
        "9 stance denied-figure finding",
        "9 url source-secret error",
    ]
    assert len(claims) == len(rows)


def test_a_message_names_row_column_value_and_what_to_do(tmp_path: Path, incidents: pd.DataFrame) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(HEADER + "c1,Al,Army,,Rusia,civilians,1,1,alleged,,,\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_claims(path, incidents=incidents.assign(incident_id=["Alpha-1", "B2"]), actors=read_actors())
    [actor, incident] = str(refused.value).splitlines()
    assert actor.endswith(
        "claims.csv:2 column 'actor': value 'Rusia' — is one letter off; did you mean 'Russia'? — write 'Russia', or"
        " list the actor in an --actors file if it is another one [actor-near-miss]"
    )
    assert incident.endswith(
        "claims.csv:2 column 'incident_id': value 'Al' — is no incident of the list — write the incident_id of the list"
        " [claim-incident]"
    )


def test_a_near_miss_of_an_incident_is_named(tmp_path: Path, incidents: pd.DataFrame) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(HEADER + "c1,School-strke,Army,,,civilians,1,1,alleged,,,\n", encoding="utf-8")
    _, [problem] = judge_claims(
        path, incidents=incidents.assign(incident_id=["School-strike", "B2"]), actors=read_actors()
    )
    assert problem.wrong == "is no incident of the list; did you mean 'School-strike'?"


def test_columns_that_are_missing_or_misspelt(tmp_path: Path, incidents: pd.DataFrame) -> None:
    _, problems = judge(tmp_path, incidents, "claim_id,incident,source,mesure,min\nc1,A1,Army,civilians,1\n")
    assert problems == [
        "1 incident misspelt-column error",
        "1 incident_id missing-column error",
        "1 measure missing-column error",
        "1 mesure misspelt-column error",
        "1 stance missing-column error",
    ]


def test_what_one_source_replaces_of_another_is_doubtful(tmp_path: Path, incidents: pd.DataFrame) -> None:
    rows = (
        "c1,A1,Army,2017-03-20,,civilians,1,1,alleged,,,\n"
        "c2,A1,Press,2017-03-21,,civilians,2,2,alleged,c1,,\n"
        "c3,A1,Press,2017-03-19,,civilians,3,3,alleged,c2,,\n"
    )
    _, problems = judge(tmp_path, incidents, HEADER + rows)
    assert problems == ["3 supersedes supersedes-unlike finding", "4 supersedes supersedes-later finding"]


def test_one_source_is_of_one_kind(tmp_path: Path, incidents: pd.DataFrame) -> None:
    text = (
        "claim_id,incident_id,source,source_kind,measure,min,stance\n"
        "c1,A1,Army,military,civilians,1,alleged\n"
        "c2,A1,Army,media,civilians,1,alleged\n"
        "c3,A1,Army,,civilians,1,alleged\n"
    )
    _, problems = judge(tmp_path, incidents, text)
    assert problems == ["3 source_kind source-kind error"]


def test_the_built_in_claims_are_sound() -> None:
    listed = read_incidents("data/incidents.csv")
    claims, problems = judge_claims("data/claims.csv", incidents=listed, actors=read_actors())
    assert [p.message("claims.csv") for p in problems] == []
    assert set(claims["incident_id"]) == set(listed["incident_id"])
    assert claims["source_kind"].notna().all()


@pytest.mark.parametrize(
    ("location", "point"),
    [
        ("35.839168, 38.742877", (35.839168, 38.742877)),
        ("35°50'21\"N, 38°44'34\"E", (35.8391667, 38.7427778)),
        ("near Raqqa", None),
        ("Mansoura, Raqqa", None),
        ("135.8, 38.7", None),
        ("35.8,", None),
        ("", None),
    ],
)
def test_a_claim_may_give_its_location_as_coordinates(location: str, point: tuple[float, float] | None) -> None:
    assert claimed_point(location) == point
