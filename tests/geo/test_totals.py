from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from geo.actors import read_actors
from geo.errors import InputError
from geo.totals import read_totals

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "total_id,source,published,country,area,period,actor,measure,series,min,max\n"


def write(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "totals.csv"
    path.write_text(header + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_a_total_is_read_with_its_scope(tmp_path: Path) -> None:
    lines = ["t1,SNHR,2 April 2017,Syria,,2017-03,U.S.-led Coalition,civilians,,260,260", ",AI,,,,,,sites,,200,"]
    totals = read_totals(write(tmp_path, *lines), actors=read_actors())
    first, second = totals.to_dict("records")
    assert (first["actor"], first["series"], first["min"]) == ("us-led-coalition", "documented", 260)
    assert [f"{first[name]:%Y-%m-%d}" for name in ("published", "first", "last")] == [
        "2017-04-02",
        "2017-03-01",
        "2017-03-31",
    ]
    assert (second["total_id"], second["min"]) == ("row 3", 200)
    assert all(pd.isna(second[name]) for name in ("published", "country", "first", "last", "actor", "max"))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("t,S,,Syria,,2017-03,Rusia,civilians,,1,1", "totals.csv:2 column 'actor': value 'Rusia' — "),
        ("t,S,,Syria,,2017-03,Nobody Known,civilians,,1,1", "is no known actor"),
        ("t,S,,Syria,,2017-03,russia|turkey,civilians,,1,1", "names several actors"),
        ("t,S,,Syria,,2017-03,,civillians,,1,1", "did you mean 'civilians'?"),
        ("t,S,,Syria,,2017-03,,civilians,,9,4", "value '9.0' — is above max 4"),
        ("t,S,,Syria,,2017-03,,civilians,,,", "is empty, as is max"),
        ('t,S,,Syria,,2017-03,,civilians,,"1,020",', "is not a number from 0"),
        ("t,S,,Syria,,03/04/2017,,civilians,,1,1", "column 'period': value '03/04/2017' — day or month first?"),
        ("t,S,2017-03,Syria,,2017-03,,civilians,,1,1", "column 'published': value '2017-03' — is not one day"),
        ("t,,,Syria,,2017-03,,civilians,,1,1", "column 'source': value '' — is empty"),
        ("t,S,,Syria,,2017-03,,civilians,guess,1,1", "is no value of this column"),
    ],
)
def test_what_is_wrong_is_said_with_its_row(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_totals(write(tmp_path, line), actors=read_actors())
    assert message in "\n".join(p.message("totals.csv") for p in caught.value.problems)


def test_an_address_that_carries_a_secret_is_refused(tmp_path: Path) -> None:
    line = "t,S,,Syria,,2017-03,,civilians,,1,1,https://user:pw@e.org/?access_token=abc"
    with pytest.raises(InputError, match="source-secret") as caught:
        read_totals(write(tmp_path, line, header=HEADER.replace("\n", ",url\n")), actors=read_actors())
    assert [(p.row, p.column) for p in caught.value.problems] == [(2, "url")]
    assert "pw" not in str(caught.value)


def test_all_is_every_party(tmp_path: Path) -> None:
    lines = [f"{word or 'none'},S,,Syria,,2017-03,{word},civilians,,1,1" for word in ("", "all", "All")]
    assert read_totals(write(tmp_path, *lines), actors=read_actors())["actor"].isna().all()


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    lines = ["t,S,,Syria,,2017-03,,civilians,,9,4", "t,S,,Syria,,never,,killed,,1,1"]
    with pytest.raises(InputError) as caught:
        read_totals(write(tmp_path, *lines), actors=read_actors())
    assert sorted((p.row, p.column) for p in caught.value.problems) == [
        (2, "min"),
        (3, "measure"),
        (3, "period"),
        (3, "total_id"),
    ]


def test_a_table_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="missing-column"):
        read_totals(write(tmp_path, "1,2", header="a,b\n"), actors=read_actors())


def test_the_built_in_totals_say_how_sure_an_attribution_is() -> None:
    totals = read_totals(actors=read_actors()).set_index("total_id")
    assert totals.loc["snhr-2017-03-russia-civilians", "attribution_confidence"] == "believed"
    undefined = totals.index[totals["series"] == "undefined"]
    assert sorted(undefined) == ["conceded-2017-03-coalition", "ucdp-2017-03-coalition"]
