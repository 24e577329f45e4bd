"""The story command as a user runs it: text, CSV and JSON say the same, and no text of a story can do harm."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

INCIDENTMAP = str(Path(sys.executable).with_name("incidentmap"))
HOSTILE = r"""
title = "\u001b[2J\u202eT"
[[statement]]
id = "=HYPERLINK(\"https://example.org\")"
says = "@says </script>\u0007\nnext"
[[statement.check]]
left = { from = "totals", source = "\u001b[31m{{7*7}}", measure = "civilians" }
is = "greater than"
right = 5
note = "+1"
"""


def run(*words: str | Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([INCIDENTMAP, "story", *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done


def test_text_csv_and_json_tell_the_same_verdicts(tmp_path: Path) -> None:
    text = run("-o", tmp_path / "story.csv", "--json").stdout
    told = json.loads(text)["statements"]
    with (tmp_path / "story.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(s["id"], s["verdict"]) for s in told] == list(dict.fromkeys((r["statement"], r["verdict"]) for r in rows))
    readings = [(s["id"], r["left"], "|".join(r["rows"])) for s in told for c in s["checks"] for r in c["readings"]]
    assert readings == [(r["statement"], r["left"], r["rows"]) for r in rows if r["outcome"]]
    lines = run().stdout
    for statement in told:
        assert f"   {statement['verdict'].upper()}  [{statement['id']}]\n" in lines
    assert "9 statements: 2 holds, 2 holds only with this scope, 1 cannot be checked, 4 contradicted\n" in lines


def test_a_story_reads_its_list_with_the_actors_given(tmp_path: Path) -> None:
    files = {
        "list.csv": "incident_id,date,place,country,actors,killed\na,2017-03-17,Mosul,Iraq,Rusia,5\n",
        "claims.csv": "claim_id,incident_id,source,measure,stance,actor,min,max\nc,a,S,civilians,alleged,Rusia,5,5\n",
        "actors.csv": "actor,label,aliases\nrus,Ruthenian Sailors,Rusia\n",
        "story.toml": """title = "T"
[[statement]]
id = "s"
says = "five"
[[statement.check]]
left = { from = "claims", incident = "a", measure = "civilians", claim = "c" }
is = "equal to"
right = 5
""",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    options = ("--incidents", tmp_path / "list.csv", "--claims", tmp_path / "claims.csv")
    done = run(tmp_path / "story.toml", *options, "--actors", tmp_path / "actors.csv")
    assert "HOLDS  [s]" in done.stdout


def test_every_row_behind_a_verdict_is_in_the_data(tmp_path: Path) -> None:
    data = Path(__file__).resolve().parents[2] / "data"
    ids: set[str] = set()
    for name in ("totals.csv", "claims.csv", "incidents.csv"):
        with (data / name).open(encoding="utf-8", newline="") as file:
            ids |= {row[0] for row in csv.reader(file)}
    told = json.loads(run("--json").stdout)
    rows = [row for s in told["statements"] for c in s["checks"] for r in c["readings"] for row in r["rows"]]
    assert len(rows) > 40
    assert set(rows) <= ids
    assert tmp_path.is_dir()


def test_hostile_text_is_printed_escaped(tmp_path: Path) -> None:
    path = tmp_path / "story.toml"
    path.write_text(HOSTILE, encoding="utf-8")
    done = run(path, "-o", tmp_path / "out.csv")
    shown = run(path).stdout
    assert shown.replace("\n", "").isprintable()
    assert "\\x1b[2J\\u202eT" in shown
    assert "CANNOT BE CHECKED" in shown
    assert done.stdout == f"{tmp_path / 'out.csv'}\n"
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["statement"].startswith("'=HYPERLINK")
    assert row["says"].startswith("'@says")
    assert "".join(row.values()).isprintable()


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        (HOSTILE.replace("measure", "mesure"), 3, "did you mean 'measure'?"),
        ("title = ", 3, "is no TOML"),
        ("", 3, "[[statement]]"),
    ],
)
def test_a_story_with_faults_is_refused_with_its_statement(tmp_path: Path, text: str, code: int, told: str) -> None:
    path = tmp_path / "story.toml"
    path.write_text(text, encoding="utf-8")
    done = run(path, code=code)
    assert told in done.stderr
    assert done.stdout == ""
    assert done.stderr.replace("\n", "").isprintable()


def test_own_totals_are_what_is_judged_by(tmp_path: Path) -> None:
    (tmp_path / "totals.csv").write_text(
        "total_id,source,published,country,period,actor,measure,min,max\n"
        "a,Me,2023-05-01,Sudan,2023-04,Rapid Support Forces,civilians,4,9\n"
        "b,Me,2023-05-01,Sudan,2023-04,Sudanese army,civilians,9,12\n",
        encoding="utf-8",
    )
    (tmp_path / "actors.csv").write_text("actor\nRapid Support Forces\nSudanese army\n", encoding="utf-8")
    (tmp_path / "story.toml").write_text(
        "[[statement]]\nid = 'a'\nsays = 'b'\n[[statement.check]]\n"
        "left = { from = 'totals', country = 'Sudan', measure = 'civilians', actor = 'Sudanese army' }\n"
        "is = 'greater than'\nright = { actor = 'Rapid Support Forces' }\n",
        encoding="utf-8",
    )
    own = ("--totals", tmp_path / "totals.csv", "--actors", tmp_path / "actors.csv")
    told = json.loads(run(tmp_path / "story.toml", *own, "--json").stdout)
    [statement] = told["statements"]
    assert statement["verdict"] == "cannot be checked"  # 9 may be more than 9 only if it is not
    [reading] = statement["checks"][0]["readings"]
    assert (reading["left"], reading["right"], reading["rows"]) == ("9–12", "4–9", ["b", "a"])
