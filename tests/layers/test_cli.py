"""The commands as a user runs them, in a process of their own."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import openpyxl
import pyogrio
import pytest

INCIDENTMAP = str(Path(sys.executable).with_name("incidentmap"))
OUTPUTS = {"index.html", "report.html", "summary.csv", "summary.xlsx", "incidents.gpkg", "manifest.json"}
BUILTIN = Path(__file__).resolve().parents[2] / "data" / "incidents.csv"
CLAIMS = BUILTIN.with_name("claims.csv")
MINIMAL = """date,place,country,actors,killed_min,killed_max
2023-04-20,El Fasher,Sudan,Rapid Support Forces,4,9
2023-05-12,Geneina,Sudan,Rapid Support Forces,12,
2022-03-16,Mariupol,Ukraine,Russia,12,600
"""


def run(*words: str | Path, code: int = 0, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [INCIDENTMAP, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **(env or {})})
    assert done.returncode == code, done.stderr
    return done


def read_table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def hashes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("built")
    return folder, run("build", "-o", folder)


def test_build_writes_every_product_and_says_what_agrees(
    built: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = built
    assert set(hashes(folder)) == OUTPUTS
    assert sorted(done.stdout.split()) == sorted(str(folder / name) for name in OUTPUTS)
    assert "35 records = 33 placed + 2 not placed\n2 of those not placed are known to a country alone\n" in done.stderr
    assert "district or governorate alone" not in done.stderr
    assert "35 records are counted as 34 incidents\n" in done.stderr
    assert "killed 877–1,911 or more (no maximum in 1) in table = layers = summary = overlay\n" in done.stderr


def test_a_folder_that_gdal_cannot_write_to_is_not_made(tmp_path: Path) -> None:
    done = run("build", "-o", tmp_path / "two\nlines", code=2)
    assert r"two\nlines/incidents.gpkg: no GeoPackage can be written where a name has a line break" in done.stderr
    assert not any(tmp_path.iterdir())


def test_a_build_says_what_map_and_report_leave_out(tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    rows = ["2017-03-17,Homs,Syria,3-5,fair", "2017-03-18,Homs,Syria,20,discounted", "2017-03-19,Homs,Syria,100+,fair"]
    listed.write_text("\n".join(["date,place,country,killed,grading", *rows, ""]), encoding="utf-8")
    told = run("build", listed, "-o", tmp_path / "out").stderr
    assert "killed 123–125 or more (no maximum in 1) in table = layers = summary = overlay\n" in told
    assert "1 discounted record counted here, left out of map, report and pictures: " in told
    assert "2 incidents there, killed 103–105 or more (no maximum in 1); 3 incidents with it, killed 123–125 or" in told
    with (tmp_path / "out" / "summary.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert [row[name] for name in ("incidents", "discounted", "killed_min", "killed_max")] == ["3", "1", "123", ""]


def test_of_an_event_without_a_maximum_no_product_says_one(tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    rows = ["C,,30,", "D,40,,same event:C"]
    for more, told in (([], "unknown"), (["X,5,7,"], "5–47 or more")):
        lines = [f"{row},2017-03-17,Raqqa,Syria" for row in [*rows, *more]]
        header = "incident_id,killed_min,killed_max,related,date,place,country"
        listed.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
        out = tmp_path / "out"
        said = run("build", listed, "-o", out).stderr
        assert f"killed {told} (no maximum in 1) in table = layers = summary = overlay\n" in said
        (row,) = read_table(out / "summary.csv")
        assert [row[name] for name in ("killed_max", "killed_unknown", "killed_open")] == ["", "0", "1"]
        page, report = ((out / name).read_text(encoding="utf-8") for name in ("index.html", "report.html"))
        assert f"civilians killed: {told}; no maximum known in 1 incident" in page
        assert "up to 40" not in report


def test_what_is_discounted_is_told_by_the_sums_with_and_without_it(tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    rows = ["W,50-60,discounted,", "P1,10,fair,part of:W", "P2,20,fair,part of:W|same event:P3", "P3,25,discounted,"]
    lines = ["incident_id,killed,grading,related,date,place,country", *(f"{row},2017-03-17,Homs,Syria" for row in rows)]
    listed.write_text("\n".join([*lines, ""]), encoding="utf-8")
    told = run("build", listed, "-o", tmp_path / "out").stderr
    assert (
        "2 discounted records counted here, left out of map, report and pictures: 2 incidents there, killed 30–30"
        in told
    )


def test_a_discounted_record_leaves_one_event_one(tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    rows = ["A,10,fair,same event:B", "B,20,discounted,same event:C", "C,30,fair,"]
    rows += ["D,10,fair,supersedes:E", "E,20,discounted,supersedes:F", "F,50,fair,"]
    lines = ["incident_id,killed,grading,related,date,place,country", *(f"{row},2017-03-17,Homs,Syria" for row in rows)]
    listed.write_text("\n".join([*lines, ""]), encoding="utf-8")
    out = tmp_path / "out"
    told = run("build", listed, "-o", out).stderr
    assert "left out of map, report and pictures: 2 incidents there, killed 20–40; 2 incidents with them, " in told
    page, report = ((out / name).read_text(encoding="utf-8") for name in ("index.html", "report.html"))
    description = re.search(r'property="og:description" content="([^"]*)"', page)
    assert description
    assert "2 incidents, civilians killed: 20–40" in description[1]
    figures = re.sub(r"<[^>]+>", " ", report[report.index('class="headline"') :])
    assert re.search(r"Incidents\s+2\s+Civilians killed\s+20–40\s", re.sub(r"[\u2066-\u2069]", "", figures))


def test_the_manifest_vouches_for_the_files(built: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, _ = built
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    found = hashes(folder)
    assert {entry["file"]: entry["sha256"] for entry in manifest["outputs"]} == {
        name: found[name] for name in OUTPUTS - {"manifest.json"}
    }
    [source] = manifest["inputs"]["incidents"]
    assert source["sha256"] == hashlib.sha256(BUILTIN.read_bytes()).hexdigest()
    assert manifest["counts"]["incidents"] == 35


def test_another_day_folder_and_order_of_rows_give_the_same_bytes(
    built: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    folder, _ = built
    elsewhere = tmp_path / "elsewhere é"
    run("build", "-o", elsewhere, env={"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "7"})
    assert hashes(elsewhere) == hashes(folder)
    header, *rows = BUILTIN.read_text(encoding="utf-8").splitlines(keepends=True)
    shuffled = tmp_path / "incidents.csv"
    shuffled.write_text("".join([header, *reversed(rows)]), encoding="utf-8")
    title = "Documented incidents in Syria and Iraq, February to April 2017"
    header, *rows = CLAIMS.read_text(encoding="utf-8").splitlines(keepends=True)
    claims = tmp_path / "claims.csv"
    claims.write_text("".join([header, *reversed(rows)]), encoding="utf-8")
    said: tuple[str | Path, ...] = ("--claims", claims, "--findings", BUILTIN.with_name("findings.csv"))
    said += ("--coverage", BUILTIN.with_name("coverage.csv"))
    run("build", shuffled, "-o", tmp_path / "b", "--title", title, *said)
    same = OUTPUTS - {"manifest.json", "index.html", "report.html"}  # a list of one's own has no built-in totals
    assert {n: hashes(tmp_path / "b")[n] for n in same} == {n: hashes(folder)[n] for n in same}
    pages = [(where / "index.html").read_text(encoding="utf-8") for where in (tmp_path / "b", folder)]
    assert "Incidents: written by hand" in pages[1]
    uncredited = [re.sub(r'"attribution":\[.*?\]', "", page) for page in pages]  # a list of one's own has other credits
    assert uncredited[0] == uncredited[1]


def test_a_short_list_of_another_war_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "my.csv"
    path.write_text(MINIMAL, encoding="utf-8")
    done = run("build", path, "-o", tmp_path / "out", "--json")
    result = json.loads(done.stdout)
    assert result["counts"] == {"incidents": 3, "placed": 3, "not_placed": 0, "findings": 0}
    assert "'Rapid Support Forces' — is a new actor, in 2 rows" in done.stderr
    rows = read_table(tmp_path / "out" / "summary.csv")
    assert {(r["adm0_name"], r["adm1_name"]) for r in rows} >= {("Sudan", "North Darfur"), ("Sudan", "West Darfur")}
    geneina = next(r for r in rows if r["adm1_name"] == "West Darfur")
    assert geneina["killed_min"] == "12"


def test_made_ids_do_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    header, *rows = MINIMAL.splitlines(keepends=True)
    ids = []
    for name, order in (("a.csv", rows), ("b.csv", rows[::-1])):
        (tmp_path / name).write_text("".join([header, *order]), encoding="utf-8")
        run("locate", tmp_path / name, "-o", tmp_path / f"located-{name}")
        ids.append({r["place"]: r["incident_id"] for r in read_table(tmp_path / f"located-{name}")})
    assert ids[0] == ids[1]


def test_locating_a_located_list_changes_nothing(tmp_path: Path) -> None:
    run("locate", "-o", tmp_path / "once.csv")
    run("locate", tmp_path / "once.csv", "-o", tmp_path / "twice.csv")
    assert (tmp_path / "once.csv").read_bytes() == (tmp_path / "twice.csv").read_bytes()


def test_a_refused_list_names_every_problem_and_leaves_the_last_build(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    good = BUILTIN.read_text(encoding="utf-8")
    run("build", "-o", tmp_path / "out")
    before = hashes(tmp_path / "out")
    path.write_text(
        good.replace("2017-02-06", "31/02/2017", 1).replace(",12,47,", ",47,12,", 1).replace(",russia,", ",Rusia,", 1),
        encoding="utf-8",
    )
    done = run("build", path, "-o", tmp_path / "out", code=3)
    assert done.stdout == ""
    for part in (
        "bad.csv:2 column 'date'",
        "bad.csv:2 column 'killed_min': value '47'",
        "bad.csv:5 column 'actors': value 'Rusia'",
    ):
        assert part in done.stderr
    assert hashes(tmp_path / "out") == before


def test_strict_refuses_findings(tmp_path: Path) -> None:
    done = run("build", "--strict", "-o", tmp_path / "out", code=3)
    assert "[parts-above-minimum]" in done.stderr
    assert not (tmp_path / "out").exists()


def test_more_problems_than_fit_the_screen_go_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("date,place\n" + "=soon(),x\n" * 150, encoding="utf-8")
    command = [INCIDENTMAP, "check", str(path)]
    env = {**os.environ, "PYTHONPATH": str(BUILTIN.parents[1])}

    def check(folder: Path = tmp_path) -> str:
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=env)
        assert done.returncode == 3
        assert "150 problems" in done.stderr
        return done.stderr

    assert "All of them are in problems.csv." in check()
    assert [row["value"] for row in read_table(tmp_path / "problems.csv")] == ["'=soon()"] * 150, "nothing is computed"
    (tmp_path / "problems.csv").write_text("my notes", encoding="utf-8")
    (tmp_path / "problems-2.csv").mkdir()
    assert "All of them are in problems-3.csv." in check()
    assert (tmp_path / "problems.csv").read_text(encoding="utf-8") == "my notes", "what is there stays"
    assert "The rest of them could not be written: problems.csv: " in check(Path("/proc"))


def test_a_list_of_which_no_actor_can_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("date,place,killed,actors\n2017-03-17,x,1,Suspected ISIS\n", encoding="utf-8")
    assert "[actor-doubtful]" in run("check", tmp_path / "list.csv", code=3).stderr


def test_the_order_of_day_and_month_is_asked_for_once(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("date,place,killed\n" + "03/04/2017,x,\n" * 30 + "13/04/2017,x,\nsoon,x,\n", encoding="utf-8")
    asked, unreadable, count = run("check", path, code=3).stderr.splitlines()
    assert "2017-04-03 or 2017-03-04, and 30 more rows of the kind — the file has the day first in row 32" in asked
    assert ("bad.csv:33" in unreadable, count) == (True, "32 problems, nothing was written.")


def test_a_file_with_both_orders_of_day_and_month_is_refused_as_a_whole(tmp_path: Path) -> None:
    path, aside = tmp_path / "both.csv", tmp_path / "aside.csv"
    path.write_text("date,place\n13/04/2017,x\n03/04/2017,x\n04/25/2017,x\n", encoding="utf-8")
    for order in ("dmy", "mdy"):
        done = run("summary", path, "--date-order", order, "--quarantine", aside, code=3)
        assert "has the day first in row 2 and the month first in row 4 — write all days as 2017-03-17" in done.stderr
        assert not aside.exists()


def test_one_of_a_thing_is_said_in_the_singular(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("".join(MINIMAL.splitlines(keepends=True)[:2]), encoding="utf-8")
    assert "one.csv: 1 record, " in run("check", path).stderr
    assert "1 record = 1 placed" in run("build", path, "-o", tmp_path / "out").stderr
    path.write_text("date,place\nsoon,x\n", encoding="utf-8")
    assert "1 problem, nothing was written.\n" in run("check", path, code=3).stderr
    rows = [f"1970-01-01,Raqqa,Syria,{k}\n" for k in range(101)]
    path.write_text("".join(["date,place,country,killed\n", *rows]), encoding="utf-8")
    assert "\n1 more finding: list them with incidentmap check\n" in run("summary", path).stderr


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["check", "http://example.org/a.csv"], 2, "http://example.org/a.csv: network and virtual paths"),
        (["check", "missing.csv"], 2, "No such file"),
        (["build", "--actor", "nobody at all"], 2, "no such actor"),
        (["build", "--since", "2030-01-01"], 2, "leave none of 35 records — choose wider"),
        (["map", "-o", "x.html", "--since", "2017-04-01", "--until", "2017-03-01"], 2, "is after --until 2017-03-01"),
        (["build", "--region-column", "nonsense"], 2, "NAME=COLUMN"),
        (["map", "-o", "x.html", "--tiles", "OpenStreetMap.Mapnick"], 2, "no such provider"),
        (["map", "-o", "x.html", "--basemap", "https://example.org/a.pmtiles"], 2, "download the file first"),
        (["build", "-o", "/dev/null/x"], 5, "choose another folder"),
        (["map"], 2, "nothing to write"),
        (["export", "-o", "x.shp"], 2, "this command writes a GeoPackage — give the file the ending .gpkg"),
        (["report", "-o", "x.pdf"], 2, "give the file the ending .html or .htm"),
        (["summary", "-o", "x.json"], 2, "give the file the ending .csv or .xlsx"),
        (["map", "--static", "map.jpg"], 2, ".png, .svg, .pdf"),
        (["map", "-o", "x.html", "--url", "publisher.example"], 2, "write it whole"),
    ],
)
def test_wrong_usage_and_unwritable_folders(words: list[str], code: int, told: str) -> None:
    done = run(*words, code=code)
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["check", "list.csv", "--quarantine", "list.csv"],
        ["check", "list.csv", "--quarantine", "sub/../list.csv"],
        ["summary", "list.csv", "-o", "list.csv"],
        ["summary", "list.csv", "-o", "linked.csv"],
        ["summary", "list.csv", "--actors", "actors.csv", "-o", "actors.csv"],
        ["locate", "list.csv", "--quarantine", "aside.csv", "-o", "aside.csv"],
        ["locate", "list.csv", "--cache", "list.csv", "-o", "located.csv"],
        ["build", "list.csv", "-o", "sub", "--quarantine", "sub/summary.csv"],
        ["link", "list.csv", "linked.csv", "--quarantine", "aside.csv", "-o", "aside-other.csv"],
        ["map", "list.csv", "-o", "m.html", "--static", "preview.png", "--url", "https://publisher.example/"],
        ["gazetteer", "build", "places.parquet", "-o", "places.parquet"],
    ],
)
def test_no_command_writes_over_a_file_it_reads_or_writes_elsewhere(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    for name in ("list.csv", "actors.csv", "places.parquet"):
        (tmp_path / name).write_text(MINIMAL.replace(",4,9", ",nine,4"), encoding="utf-8")
    (tmp_path / "linked.csv").symlink_to("list.csv")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert "name another file" in run(*words, code=2).stderr
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_what_is_set_aside_may_lie_beside_the_products(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(MINIMAL.replace(",4,9", ",nine,4"), encoding="utf-8")
    run("build", path, "-o", tmp_path, "--quarantine", tmp_path / "aside.csv", code=4)
    assert set(hashes(tmp_path)) == {*OUTPUTS, "list.csv", "aside.csv"}


@pytest.mark.parametrize(
    "words",
    [
        *(["build", "-o", "out"], ["map", "-o", "out/index.html"], ["report", "-o", "out/report.html"]),
        *(["summary", "-o", "out/summary.csv"], ["locate", "-o", "out/located.csv"], ["export", "-o", "out/o.gpkg"]),
        *(["review", "-o", "out/review.html"], ["link", "-o", "out/links.csv"], ["check"]),
    ],
)
def test_a_list_of_which_every_row_is_refused_holds_no_incidents(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("list.csv").write_text("date,place,killed\n2017-03-17,Mosul,3.5\nsoon,Mosul,3\n", encoding="utf-8")
    Path("out").mkdir()
    if len(words) > 1:
        Path("out", "index.html" if words[2] == "out" else Path(words[2]).name).write_text("what was there")
    before = hashes(Path("out"))
    first, *rest, last = run(*words, "list.csv", "--quarantine", "aside.csv", code=3).stderr.splitlines()
    assert first == "list.csv — holds no incidents beside 2 refused rows — correct what is wrong in them [no-rows]"
    assert (len(rest), last) == (2, "3 problems, nothing was written.")
    assert (hashes(Path("out")), Path("aside.csv").exists()) == (before, False)


@pytest.mark.parametrize(
    ("folder", "told"),
    [("x" * 300, "File name too long"), ("list.csv/x", "Not a directory"), ("list.csv", "not a folder")],
)
def test_a_folder_that_cannot_be_is_told_before_anything_is_read(folder: str, told: str, tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("no list", encoding="utf-8")
    done = run("build", listed, "-o", tmp_path / folder, code=5)
    assert done.stderr.startswith(f"{tmp_path / folder}: {told} — choose another")
    assert len(done.stderr.splitlines()) == 1


def test_check_tells_notes_and_answers_in_json_when_it_refuses(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(MINIMAL.replace("date,", "note,date,").replace("\n20", "\nx,20") + "x,soon,El Fasher,,,,\n")
    done = run("check", path, "--quarantine", tmp_path / "aside.csv", code=4)
    assert "list.csv:1 column 'note'" in done.stderr
    assert "'Rapid Support Forces' — is a new actor, in 2 rows" in done.stderr
    assert "4 rows = 3 records + 1 set aside in" in done.stderr
    path.write_text(MINIMAL + "2023-05-01,Nowhereton,Sudan,,1,1\n", encoding="utf-8")
    assert "list.csv: 4 records (1 not placed), 0 findings" in run("check", path).stderr
    told = json.loads(run("check", path, "--json").stdout)
    assert (told["incidents"], told["not_placed"], told["findings"]) == (4, 1, [])
    assert "is a new actor" in told["notes"][0]
    path.write_text(MINIMAL.replace(",4,9", ",nine,4"), encoding="utf-8")
    [problem] = json.loads(run("check", path, "--json", code=3).stdout)["problems"]
    assert (problem["file"], problem["row"], problem["column"]) == ("list.csv", 2, "killed_min")
    assert (problem["value"], problem["code"]) == ("nine", "count-unreadable")
    path.write_text(MINIMAL.replace("2023-04-20", "1970-01-01"), encoding="utf-8")
    told = json.loads(run("check", path, "--strict", "--json", code=3).stdout)
    assert "[date-epoch]" in told["findings"][0]


def test_choosing_days_and_actors(tmp_path: Path) -> None:
    done = run("map", "--since", "2017-03-01", "--until", "2017-03-31", "--actor", "Russia", "-o", tmp_path / "m.html")
    assert "left out by --since, --until and --actor" in done.stderr
    rows = [r for r in read_table(BUILTIN) if r["date"].startswith("2017-03") and "russia" in r["actors"].split("|")]
    counted = json.loads(
        run(
            "export",
            "--since",
            "2017-03-01",
            "--until",
            "2017-03-31",
            "--actor",
            "russia",
            "--json",
            "-o",
            tmp_path / "o.gpkg",
        ).stdout
    )
    assert counted["incidents"] == len(rows) > 0


def test_every_product_says_what_was_chosen_of_the_list(tmp_path: Path) -> None:
    run("build", "--since", "2017-03-01", "--actor", "russia", "-o", tmp_path)
    said = "only incidents that began from 2017-03-01 and name Russia or a member of it"
    book = openpyxl.load_workbook(tmp_path / "summary.xlsx")
    assert any(said == cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    with closing(sqlite3.connect(tmp_path / "incidents.gpkg")) as overlay:
        [(told,)] = overlay.execute("SELECT description FROM gpkg_contents WHERE table_name = 'incidents'")
    assert said in told
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    config = json.loads(re.findall(r'id="incidents-config"[^>]*>(.*?)</script>', page, re.DOTALL)[0])
    assert config["ranges"] | {"since": "2017-03-01", "only": [["Russia", "روسيا"]]} == config["ranges"]
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Only incidents that began on 1 March 2017 or later." in report


def test_steps_alone_write_what_build_writes(
    built: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    folder, _ = built
    run("map", "-o", tmp_path / "index.html")
    run("report", "-o", tmp_path / "report.html")
    run("summary", "-o", tmp_path / "summary.csv")
    run("summary", "-o", tmp_path / "summary.xlsx")
    run("export", "-o", tmp_path / "incidents.gpkg")
    pages = [(where / "index.html").read_text(encoding="utf-8") for where in (folder, tmp_path)]
    assert pages[0].replace('The report beside it needs none: <a href="report.html">report.html</a>.', "") == pages[1]
    ours, theirs = ({n: h for n, h in hashes(where).items() if n != "index.html"} for where in (tmp_path, folder))
    assert ours == {n: h for n, h in theirs.items() if n != "manifest.json"}
    assert run("summary").stdout == (folder / "summary.csv").read_text(encoding="utf-8-sig")


def test_a_map_is_written_as_page_and_as_pictures(tmp_path: Path) -> None:
    page, pictures = tmp_path / "page.html", [tmp_path / "map.pdf", tmp_path / "map.png"]
    done = run("map", "-o", page, "--static", pictures[0], "--static", pictures[1], "--language", "ar")
    assert set(done.stdout.split()) == {str(path) for path in (page, *pictures)}
    assert [path.read_bytes()[:4] for path in pictures] == [b"%PDF", b"\x89PNG"]
    again = tmp_path / "again.pdf"
    run(
        "map",
        "--static",
        again,
        "--language",
        "ar",
        env={"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "MPLBACKEND": "svg"},
    )
    assert again.read_bytes() == pictures[0].read_bytes()


def test_a_page_to_be_published_comes_with_its_picture(
    built: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    run("build", "--url", "https://publisher.example/map/", "-o", tmp_path)
    assert set(hashes(tmp_path)) == OUTPUTS | {"preview.png"}
    listed = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert "preview.png" in {entry["file"] for entry in listed["outputs"]}
    assert struct.unpack(">II", (tmp_path / "preview.png").read_bytes()[16:24]) == (1200, 630)
    assert 'content="https://publisher.example/map/preview.png"' in (tmp_path / "index.html").read_text(
        encoding="utf-8"
    )
    assert "og:image" not in (built[0] / "index.html").read_text(encoding="utf-8").partition("</head>")[0]


def test_the_workbook_holds_no_formula(built: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    book = openpyxl.load_workbook(built[0] / "summary.xlsx")
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert {"s", "n", "d"} <= kinds


def test_al_jinah_is_stated_idlib_and_joined_to_aleppo(
    built: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    points = pyogrio.read_dataframe(built[0] / "incidents.gpkg", layer="incidents").set_index("incident_id")
    jinah = points.loc["CS578"]
    assert (jinah["admin1"], jinah["adm1_name"], jinah["admin_agrees"]) == ("Idlib", "Aleppo", False)
    assert jinah["admin_km"] == pytest.approx(4.274, abs=0.01)  # in UTM 37N too


def test_own_boundaries_bring_their_codes(tmp_path: Path) -> None:
    folder = BUILTIN.parents[2] / "shared" / "eval" / "regions"
    if not folder.is_dir():
        pytest.skip("the boundary files of other publishers are not here")
    run("build", "--regions", folder / "syr_admin3.shp", "--regions", folder / "irq_adm3.geojson", "-o", tmp_path)
    points = pyogrio.read_dataframe(tmp_path / "incidents.gpkg", layer="incidents").set_index("incident_id")
    assert points.loc["CS578", "adm1_pcode"] == "SY02"
    assert points.loc["CS578", "admin_km"] == pytest.approx(4.274, abs=0.01)
    assert points.loc["CI550", "adm1_pcode"] == "IQG15"
    assert points.loc["CS598", "adm3_pcode"].startswith("SY11")


def test_an_interrupted_build_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    run("build", "-o", tmp_path)
    before = hashes(tmp_path)
    for delay in (1.0, 2.0, 3.0):
        command = [INCIDENTMAP, "build", "-o", str(tmp_path), "--since", "2017-03-01"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(delay)
        process.send_signal(signal.SIGTERM)
        process.communicate()
        if process.returncode == 0:
            break
        assert process.returncode == 130
        assert hashes(tmp_path) == before


@pytest.mark.parametrize(
    "command", ["build", "check", "locate", "map", "summary", "export", "review", "gazetteer", "story", "link"]
)
def test_every_command_has_help(command: str) -> None:
    told = run(command, "--help").stdout
    assert "--help" in told
    assert ("0.65; 0<=x<=1]" in told) == (command == "link")


def test_seven_places_of_one_name_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    spots = [("SY-RA", 35.84, 38.74), ("SY-HL", 35.76, 37.21), ("SY-HA", 37.19, 42.18)]
    path.write_text(
        "place,ar,lat,lon\n" + "".join(f"Mansura,المنصورة,{lat},{lon}\n" for _, lat, lon in spots), encoding="utf-8"
    )
    told = run("gazetteer", "search", "المنصورة", "--country", "SY", "--gazetteer", path, "--json").stdout
    assert {m["admin1"] for m in json.loads(told) if m["source"].startswith("gazetteer:mine:")} == {
        c for c, *_ in spots
    }
    lines = run("gazetteer", "search", "Mansoura", "--country", "Syria", "--gazetteer", path).stdout
    assert "Aleppo, SY" in lines


def test_a_search_says_where_nothing_was_found_and_what_is_not_known() -> None:
    done = run("gazetteer", "search", "Xqzzt", "--country", "Iraq", "--admin1", "Nineveh")
    assert done.stderr == "nothing is called 'Xqzzt' or alike in Nineveh, Iraq\n"
    assert "'Narnia'" in run("gazetteer", "search", "Mosul", "--country", "Narnia", code=2).stderr
    assert "limit 0" in run("gazetteer", "search", "Mosul", "--limit", "0", code=2).stderr


def test_names_of_places_do_not_reach_the_terminal_as_they_are(tmp_path: Path) -> None:
    cells = ["1", "Zorkville\x1b[m", "", "", "35.9", "38.9", "P", "PPL", "SY", *[""] * 5, "900", *[""] * 4]
    dump = tmp_path / "SY.txt"
    dump.write_text("\t".join(cells) + "\n", encoding="utf-8")
    found = run("gazetteer", "search", "Zorkville m", "--gazetteer", dump)
    assert r"Zorkville\x1b[m" in found.stdout


def test_an_indexed_gazetteer_answers_as_its_file_does(tmp_path: Path) -> None:
    places, listed = tmp_path / "mine.csv", tmp_path / "list.csv"
    places.write_text("place,lat,lon\nNew Halfway,35.1,38.9\nOther,35.3,38.7\n", encoding="utf-8")
    listed.write_text("incident_id,date,place,country\na,2017-03-17,New Halfway,Syria\n", encoding="utf-8")
    run("gazetteer", "build", places, "-o", tmp_path / "mine.parquet")
    answers = []
    for source in (places, tmp_path / "mine.parquet"):
        run("locate", listed, "--gazetteer", source, "-o", tmp_path / "out.csv")
        [row] = read_table(tmp_path / "out.csv")
        answers.append((row["latitude"], row["longitude"], row["precision"]))
    assert answers[0] == answers[1] == ("35.1", "38.9", answers[0][2])


def test_rows_of_a_gazetteer_are_not_dropped_in_silence(tmp_path: Path) -> None:
    places, listed = tmp_path / "mine.csv", tmp_path / "list.csv"
    rows = ["name,lat,lon,country", "Berlin,52.5,13.4,Syria", "Other,abc,38.7,Syria", "New Halfway,35.1,38.9,Syria"]
    places.write_text("\n".join(rows) + "\n", encoding="utf-8")
    listed.write_text("date,place,country\n2017-03-17,New Halfway,Syria\n", encoding="utf-8")
    built = run("gazetteer", "build", places, "-o", tmp_path / "mine.parquet").stderr
    located = run("locate", listed, "--gazetteer", places, "-o", tmp_path / "out.csv").stderr
    for told in (built, located):
        assert "mine.csv:2 column 'lat': value '52.5' — 52.5 N 13.4 E is" in told
        assert "mine.csv:3 column 'lat': value 'abc' — is not a coordinate: not used" in told
    assert [row["located_by"] for row in read_table(tmp_path / "out.csv")] == ["gazetteer:mine:4"]


def test_files_of_one_name_do_not_hide_what_is_told_of_each_other(tmp_path: Path) -> None:
    places, listed = tmp_path / "own" / "mine.csv", tmp_path / "mine.csv"
    places.parent.mkdir()
    places.write_text("name,lat,lon,country\nHalfway,abc,38.7,Syria\nMidway,35.1,38.9,Syria\n", encoding="utf-8")
    listed.write_text("date,place,country\n1970-01-01,Raqqa,Syria\n", encoding="utf-8")
    alone = [line for line in run("check", listed).stdout.splitlines() if line.startswith("mine.csv:2")]
    told = run("check", listed, "--gazetteer", places).stdout.splitlines()
    assert alone
    assert {*alone, "mine.csv:2 column 'lat': value 'abc'"} <= {*told, *(line.split(" — ")[0] for line in told)}


def test_a_decision_is_applied_and_an_outdated_one_is_told(tmp_path: Path) -> None:
    decisions = tmp_path / "decisions.csv"
    header = "incident_id,place,place_local,admin1,country,choice,latitude,longitude,precision,who,when,why\n"
    decisions.write_text(
        header
        + "CI537,New Mosul,الموصل الجديدة,Nineveh,Iraq,point,36.33,43.1,neighbourhood,NN,2026-11-23,two sources\n"
        + "GONE,Elsewhere,,,Iraq,none,,,,NN,2026-11-23,\n",
        encoding="utf-8",
    )
    done = run("locate", "--decisions", decisions, "-o", tmp_path / "out.csv")
    row = next(r for r in read_table(tmp_path / "out.csv") if r["incident_id"] == "CI537")
    assert (row["latitude"], row["longitude"], row["located_by"]) == ("36.33", "43.1", "decision:NN")
    assert "decisions.csv:3 column 'incident_id': value 'GONE' — no such incident in the list" in done.stderr


def test_an_outdated_link_is_told_with_its_file(tmp_path: Path) -> None:
    links = tmp_path / "links.csv"
    links.write_text("id_a,id_b,relation,decided_by\nGONE,CI550,part of,NN\n", encoding="utf-8")
    done = run("check", "--links", links)
    assert "links.csv:2 column 'id_a': value 'GONE' — no such incident in the list" in done.stdout


def test_a_decision_in_another_country_is_refused_with_its_row(tmp_path: Path) -> None:
    listed, decisions = tmp_path / "list.csv", tmp_path / "decisions.csv"
    listed.write_text("date,place,country\n2017-03-17,Zzyzx Qwv,Syria\n", encoding="utf-8")
    header = "incident_id,place,place_local,admin1,country,choice,latitude,longitude,precision,who,when,why\n"
    decisions.write_text(
        header + ",Zzyzx Qwv,,,Syria,point,52.5,13.4,city,NN,2026-11-23,the capital\n", encoding="utf-8"
    )
    done = run("locate", listed, "--decisions", decisions, "-o", tmp_path / "out.csv", code=3)
    assert "decisions.csv:2 column 'latitude': value '52.5' — 52.5 N 13.4 E is" in done.stderr
    assert "outside Syria as stated, in Germany" in done.stderr


def test_what_would_be_sent_is_shown_and_not_sent(tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    rows = ["date,place,admin1,country,description", "2017-03-17,Zzyzx Qwv,,Syria,call 555"]
    rows += ["2017-03-17,ZzWrongname,Homs,Syria,", "2017-03-17,Homs,,Syria,", ""]
    listed.write_text("\n".join(rows), encoding="utf-8")
    asked = ("--show-queries", "--cache", tmp_path / "answers.sqlite", "-o", tmp_path / "out.csv")
    done = run("locate", listed, "--online", "nominatim", *asked)
    assert done.stdout == "Zzyzx Qwv, Syria\nZzWrongname, Homs, Syria\n"
    assert not (tmp_path / "out.csv").exists()
    assert "name it with --online" in run("locate", listed, *asked, code=2).stderr


def test_a_build_as_of_a_day_knows_nothing_later(tmp_path: Path) -> None:
    done = run("build", "-o", tmp_path, "--as-of", "2017-03-24", "--json")
    counts = json.loads(done.stdout)["counts"]
    assert (counts["incidents"], counts["left_out_as_of"]) == (3, 32)
    assert "Ranges: from the lowest to the highest figure that any claim gives [widest]\n" in done.stderr
    assert "Left out: 32 incidents without a claim by then, 30 of them without a day\n" in done.stderr
    assert "killed 96–96 in table = layers = summary = overlay\n" in done.stderr  # 34, 29 and 33
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["settings"]["range_rule"], manifest["settings"]["as_of"]) == ("widest", "2017-03-24")
    [claims] = manifest["inputs"]["claims"]
    assert claims["sha256"] == hashlib.sha256(CLAIMS.read_bytes()).hexdigest()
    assert [entry["file"] for entry in manifest["inputs"]["findings"]] == ["findings.csv"]
    _, overlay = pyogrio.read_arrow(tmp_path / "incidents.gpkg", layer="claims")
    said = overlay.to_pylist()
    assert max(str(row["published"]) for row in said) == "2017-03-22"
    assert pyogrio.read_dataframe(tmp_path / "incidents.gpkg", layer="findings").empty  # of 28 March
    assert {row["ranges"] for row in read_table(tmp_path / "summary.csv")} == {"widest, as of 2017-03-24"}
    for text in ("Airwars counts", "airwars.org", "conceded"):
        assert text not in json.dumps([str(row) for row in said])


def test_a_claim_published_later_changes_no_earlier_product(tmp_path: Path) -> None:
    later = tmp_path / "claims.csv"
    rows = CLAIMS.read_text(encoding="utf-8")
    later.write_text(
        rows + "new-1,CS598,The Press,media,2019-01-01,,civilians,1,999,alleged,,,CS598-sohr-1,,\n", encoding="utf-8"
    )
    for name, claims in (("a", CLAIMS), ("b", later)):
        run("build", "-o", tmp_path / name, "--as-of", "2018-12-31", "--claims", claims)
    found, expected = hashes(tmp_path / "b"), hashes(tmp_path / "a")
    assert {n for n in OUTPUTS if found[n] != expected[n]} == {"manifest.json"}  # it names the claims file's hash


def test_claims_that_are_wrong_are_refused_with_their_rows(tmp_path: Path) -> None:
    listed, claims, findings = (tmp_path / name for name in ("my.csv", "claims.csv", "findings.csv"))
    listed.write_text("incident_id,date,place,country\na,2023-04-20,El Fasher,Sudan\n", encoding="utf-8")
    claims.write_text(
        "claim_id,incident_id,source,measure,stance,min\nc,b,Army,civilians,alleged,x\n", encoding="utf-8"
    )
    findings.write_text("finding_id,source,country,statement\nf,Monitor,Sudan,\n", encoding="utf-8")
    done = run("check", listed, "--claims", claims, code=3)
    assert "claims.csv:2 column 'incident_id': value 'b' — is no incident of the list" in done.stderr
    assert "claims.csv:2 column 'min': value 'x' — is not a whole number" in done.stderr
    assert "findings.csv:2 column 'statement'" in run("check", listed, "--findings", findings, code=3).stderr
    assert "--claims" in run("map", listed, "-o", tmp_path / "m.html", "--range-rule", "widest", code=2).stderr
    assert "no such rule" in run("map", "-o", tmp_path / "m.html", "--range-rule", "largest", code=2).stderr
    done = run("summary", "--as-of", "2017-01-01", code=2)
    assert "no claim about any incident was published by that day" in done.stderr


def test_a_list_of_ones_own_is_shown_with_its_claims(tmp_path: Path) -> None:
    listed, claims = tmp_path / "my.csv", tmp_path / "claims.csv"
    listed.write_text(
        "incident_id,date,place,country,actors,killed_min,killed_max\na,2023-04-20,El Fasher,Sudan,RSF,4,9\n"
        "b,2023-04-21,El Fasher,Sudan,RSF,1,1\n",
        encoding="utf-8",
    )
    claims.write_text(
        "claim_id,incident_id,source,measure,stance,actor,min,max\n"
        "c,a,Army,civilians,alleged,RSF,20,30\nd,a,Army,civilians,denied,,3,3\n",
        encoding="utf-8",
    )
    done = run("summary", listed, "--claims", claims, "--range-rule", "latest-per-source")
    [row] = csv.DictReader(done.stdout.splitlines())
    assert (row["killed_min"], row["killed_max"], row["ranges"]) == ("21", "31", "latest-per-source")
    assert "; 1 without a claim as the list states them [latest-per-source]" in done.stderr
    assert "claims.csv:3 column 'stance': value 'denied' — denies, but with a figure" in done.stderr


def test_reconcile_prints_each_difference_and_refuses_a_bad_totals_file(tmp_path: Path) -> None:
    done = run("reconcile", "-o", tmp_path / "r.csv")
    assert "SNHR — Syria — 2017-03 — US-led coalition — civilians: 260" in done.stdout
    assert "US-led coalition — civilians, undefined: 80  [conceded-2017-03-coalition]" in done.stdout
    assert "its parties are 1,031 of its own 1,134; in none of them 103" in done.stdout
    rows = read_table(tmp_path / "r.csv")
    counted = next(r for r in rows if r["total_id"] == "snhr-2017-03-coalition-civilians" and r["part"] == "counted")
    assert counted["incident_ids"] == "CS561|CS568|CS589|CS598|CS603|CS609", "al-Jinah was the United States alone"
    found = json.loads(run("reconcile", "--json").stdout)
    assert len(found["totals"]) == len(rows)
    assert found["wholes"][0]["rest_min"] == 103
    (tmp_path / "t.csv").write_text("source,measure,min\nS,civilians,few\nS,deads,1\n", encoding="utf-8")
    refused = run("reconcile", "--totals", tmp_path / "t.csv", code=3)
    assert "t.csv:2 column 'min': value 'few' — is not a number" in refused.stderr
    assert "t.csv:3 column 'measure': value 'deads' — is no value of this column" in refused.stderr


def test_a_member_is_not_added_to_the_party_that_it_belongs_to(tmp_path: Path) -> None:
    actors, totals = tmp_path / "a.csv", tmp_path / "t.csv"
    actors.write_text("actor,parent\nwing,united-kingdom\n", encoding="utf-8")
    scope = "total_id,source,published,country,period,actor,measure,min,max\n"
    rows = (("w", "", "100,100"), ("c", "us-led-coalition", "60,60"), ("k", "wing", "50,50"), ("r", "russia", "10,"))
    lines = [f"{name},S,2017-04-02,Syria,2017-03,{actor},civilians,{ends}\n" for name, actor, ends in rows]
    totals.write_text("".join([scope, *lines]), encoding="utf-8")
    told = run("reconcile", "--totals", totals, "--actors", actors).stdout
    assert "its parties are 70 and more of its own 100; in none of them at most 30  [w = c + r + rest]" in told
    found = json.loads(run("reconcile", "--totals", totals, "--actors", actors, "--json").stdout)
    assert [(row["parts"], row["parts_min"], row["parts_max"], row["rest_max"]) for row in found["wholes"]] == [
        ("c|r", 70, None, 30)
    ]
    run("report", "--totals", totals, "--actors", actors, "-o", tmp_path / "r.html")
    report = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert '<td class="n">100</td><td class="n">70 and more</td><td class="n">up to 30</td>' in report
    totals.write_text("".join([scope, *lines, lines[1].replace("c,", "d,", 1).replace("60,60", "55,70")]), "utf-8")
    [row] = json.loads(run("reconcile", "--totals", totals, "--actors", actors, "--json").stdout)["wholes"]
    assert (row["parts"], row["parts_min"]) == ("c or d|r", 65), "two totals of one party are one figure"


def test_the_readme_shows_what_reconcile_prints() -> None:
    told = (BUILTIN.parents[1] / "README.md").read_text(encoding="utf-8")
    sample = "SNHR —" + told.partition("```text\nSNHR —")[2].partition("\n```")[0]
    assert sample.count("\n") > 5
    assert sample in run("reconcile").stdout


def test_totals_are_replayed_with_the_incidents() -> None:
    found = json.loads(run("reconcile", "--as-of", "2017-03-24", "--json").stdout)
    assert {row["part"] for row in found["totals"]} == {"not comparable"}
    told = {row["total_id"]: row["note"] for row in found["totals"]}
    assert "was published on 2017-04-02, after 2017-03-24" in told["snhr-2017-03-coalition-civilians"]
    assert "no day of publication" in told["airwars-2017-03-records"]
    assert "replaced" not in told["airwars-2017-03-alleged-as-of-03-24"], "by a later figure that nobody knew"
    assert found["wholes"] == []


def test_coverage_may_name_an_actor_of_the_list_alone(tmp_path: Path) -> None:
    path, covered = tmp_path / "list.csv", tmp_path / "coverage.csv"
    path.write_text(MINIMAL, encoding="utf-8")
    window = "source,country,actor,from,to,status\nS,Sudan,{},2023-01-01,2023-12-31,covered\n"
    covered.write_text(window.format("Rapid Support Forces"), encoding="utf-8")
    assert "Rapid Support Forces,2023-04,covered" in run("summary", path, "--coverage", covered).stdout
    covered.write_text(window.format("Rapid Support"), encoding="utf-8")
    assert "[actor-unknown]" in run("summary", path, "--coverage", covered, code=3).stderr


def test_advice_on_a_file_beside_the_list_is_one_that_helps(tmp_path: Path) -> None:
    path, claims = tmp_path / "list.csv", tmp_path / "claims.csv"
    path.write_text(MINIMAL.replace("date,", "incident_id,date,").replace("\n20", "\na,20", 1), encoding="utf-8")
    text = "claim_id,incident_id,source,measure,stance,min,max\nc,a,Médias,civilians,alleged,1,2\n"
    claims.write_text(text.replace(",", ";"), encoding="utf-8")
    said = run("summary", "--claims", claims, code=3).stderr
    assert "save it with commas between the cells [delimiter]" in said
    claims.write_text(text, encoding="latin-1")
    said = run("summary", "--claims", claims, code=3).stderr
    assert "looks like Windows-1252 ('Médias') — save it as CSV (UTF-8) [encoding]" in said


def test_days_beside_the_list_are_read_in_the_order_that_is_said(tmp_path: Path) -> None:
    totals, covered, path = tmp_path / "totals.csv", tmp_path / "coverage.csv", tmp_path / "list.csv"
    path.write_text("date,place,country,killed\n01/04/2017,Mosul,Iraq,5\n", encoding="utf-8")
    totals.write_text("source,measure,country,period,min,max\nS,civilians,Iraq,01/04/2017,5,5\n", encoding="utf-8")
    covered.write_text("source,country,from,to,status\nS,Iraq,01/04/2017,30/04/2017,covered\n", encoding="utf-8")
    order = ("--date-order", "dmy")
    assert "2017-04-01 to 2017-04-01" in run("reconcile", path, "--totals", totals, *order).stdout
    assert "2017-04,covered" in run("summary", path, "--coverage", covered, *order).stdout
    run("check", path, "--totals", totals, "--coverage", covered, *order)


def test_coverage_windows_reach_every_product(tmp_path: Path) -> None:
    (tmp_path / "my.csv").write_text(MINIMAL, encoding="utf-8")
    (tmp_path / "c.csv").write_text("country,from,status\nSudan,2023-01-01,covered\n", encoding="utf-8")
    run("build", tmp_path / "my.csv", "--coverage", tmp_path / "c.csv", "-o", tmp_path / "out")
    rows = read_table(tmp_path / "out" / "summary.csv")
    assert {row["adm0_pcode"]: row["coverage"] for row in rows} == {"SD": "covered", "UA": "not stated"}
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["inputs"]["coverage"][0]["file"] == "c.csv"
    regions = pyogrio.read_arrow(tmp_path / "out" / "incidents.gpkg", layer="regions")[1].to_pylist()
    assert {r["coverage"] for r in regions if r["country"] == "SD"} == {
        "incidents listed",
        "no incident listed: partial",
    }


def test_check_judges_claims_and_totals_and_strict_refuses_them(tmp_path: Path) -> None:
    told = run("check").stdout
    for code in ("attackers-in-total", "zero-contradicted", "parts-above-minimum"):
        assert f"[{code}]" in told
    assert "claims.csv:43 column 'max': value '0' — is 0, but others count at least 7" in told
    listed, claims = tmp_path / "my.csv", tmp_path / "mine.csv"
    listed.write_text("incident_id,date,country,killed_min,killed_max\na,2023-04-20,Sudan,4,9\n", encoding="utf-8")
    header = "claim_id,incident_id,source,published,actor,measure,min,max,stance,location,supersedes,note,url\n"
    claims.write_text(f"{header}c1,a,X,,,civilians,12,12,conceded,,,,\n", encoding="utf-8")
    assert run("check", listed).stdout == ""
    told = run("check", listed, "--claims", claims).stdout
    assert told.startswith("my.csv:2 column 'killed_max': value '9' — is below what was conceded, 12 (c1)")
    done = run("check", listed, "--claims", claims, "--strict", code=3)
    assert done.stdout == ""
    assert "[conceded-above-claimed]" in done.stderr
    claims.write_text(f"{header}c1,a,X,,,civilians,12,5,alleged,,,,\n", encoding="utf-8")
    assert "[min-above-max]" in run("check", listed, "--claims", claims, code=3).stderr


def test_check_lists_every_problem_of_every_file_at_once(tmp_path: Path) -> None:
    listed, claims, coverage, totals = (tmp_path / f"{name}.csv" for name in ("my", "claims", "coverage", "totals"))
    lines = [
        "incident_id,date,place,country,killed,children",
        "a,2023-04-20,El Fasher,Sudan,no injuries,2",
        "b,2023-04-21,El Fasher,Sudan,3,2-5",
        "c,1970-01-01,Nyala,Sudan,4,",
    ]
    listed.write_text("\n".join(lines) + "\n", encoding="utf-8")
    header = "claim_id,incident_id,source,measure,stance,min,max\n"
    claims.write_text(f"{header}c1,a,X,civilians,alleged,5,5\nc2,b,X,civilians,alleged,x,\n", encoding="utf-8")
    coverage.write_text("country,from,status\nAtlantis,2023-04-01,covered\n", encoding="utf-8")
    totals.write_text("source,measure,min\nX,civilians,\n", encoding="utf-8")
    words = ("check", listed, "--claims", claims, "--coverage", coverage, "--totals", totals)
    done = run(*words, code=3)
    codes = [line.rpartition("[")[2][:-1] for line in done.stderr.splitlines() if line.endswith("]")]
    assert sorted(codes) == sorted(
        ["part-above-whole", "date-epoch", "count-others", "count-unreadable", "coverage-region", "no-figure"]
    )
    assert done.stderr.splitlines()[-1] == "4 problems, nothing was written."
    assert done.stdout == ""
    told = json.loads(run(*words, "--json", code=3).stdout)
    assert [problem["file"] for problem in told["problems"]] == ["my.csv", "coverage.csv", "claims.csv", "totals.csv"]
    assert len(told["findings"]) == 2
    listed.write_text("\n".join(lines[:2]) + "\n", encoding="utf-8")
    assert "1 problem, nothing" in run("check", listed, code=3).stderr
    listed.write_text("\n".join(lines).replace("place", "palce") + "\n", encoding="utf-8")
    assert "[date-epoch]" not in run("check", listed, code=3).stderr, "without its columns a row says something else"


def test_check_lists_its_rules() -> None:
    rows = run("check", "--rules").stdout.splitlines()
    assert "| `percent-off` | finding |" in "\n".join(rows)
    assert len(rows) > 60


def test_a_reader_that_has_seen_enough_is_no_fault() -> None:
    command = f'"{INCIDENTMAP}" gazetteer search Mosul | true'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_base_layer_is_an_input_of_the_build(tmp_path: Path) -> None:
    box = {"type": "Polygon", "coordinates": [[[38, 35], [39, 35], [39, 36], [38, 35]]]}
    content = {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": box}]}
    (tmp_path / "ground.geojson").write_text(json.dumps(content), encoding="utf-8")
    run("build", "--basemap", tmp_path / "ground.geojson", "--tiles", "OpenStreetMap.Mapnik", "-o", tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert [file["file"] for file in manifest["inputs"]["basemap"]] == ["ground.geojson"]
    assert manifest["settings"]["tiles"] == "OpenStreetMap.Mapnik"
    assert str(tmp_path) not in json.dumps(manifest)


@pytest.mark.parametrize(("mark", "option"), [(";", ";"), ("\t", "TAB"), ("|", "|")])
def test_a_list_with_other_delimiters_is_read_as_the_message_says(tmp_path: Path, mark: str, option: str) -> None:
    path, aside = tmp_path / "list.csv", tmp_path / "aside.csv"
    path.write_text(MINIMAL.replace(",", mark), encoding="utf-8")
    assert f"run again with --delimiter {option}" in run("check", path, code=3).stderr
    assert "3 records, 0 findings" in run("check", path, "--delimiter", option).stderr
    path.write_text(MINIMAL.replace("2023-05-12", "2023-05-32").replace(",", mark), encoding="utf-8")
    run("summary", path, "--delimiter", option, "--quarantine", aside, code=4)
    header, row = aside.read_text(encoding="utf-8").splitlines()
    assert header.split(mark)[:3] == ["quarantined_row", "quarantine_reasons", MINIMAL.partition(",")[0]]
    assert row.split(mark)[0] == "3"


def test_a_count_that_has_no_minimum_in_the_whole_list_is_built(tmp_path: Path) -> None:
    rows = "date,place,country,killed,children_min,children_max\n2017-03-17,Mosul,Iraq,5,,3\n2017-03-18,Syria,,4,,\n"
    (tmp_path / "list.csv").write_text(rows, encoding="utf-8")
    done = run("build", tmp_path / "list.csv", "-o", tmp_path / "map")
    assert "children ?–3 (unknown in 1) in table = layers = summary = overlay" in done.stderr
    [total] = [row for row in read_table(tmp_path / "map" / "summary.csv") if row["adm0_name"] == "Iraq"]
    assert (total["children_min"], total["children_max"]) == ("", "3")


def test_a_decimal_comma_is_read_when_it_is_said(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("date;place;country;actors;latitude;longitude\n2017-03-17;x;Iraq;russia;36,34;43,13\n", "utf-8")
    done = run("locate", path, "--delimiter", ";", "--decimal", ",", "-o", tmp_path / "o.csv")
    assert done.returncode == 0
    assert read_table(tmp_path / "o.csv")[0]["latitude"] == "36.34"


def test_what_is_printed_is_json_when_asked_for(tmp_path: Path) -> None:
    rows = list(csv.DictReader(run("summary", BUILTIN).stdout.splitlines()))
    told = json.loads(run("summary", "--json").stdout)
    assert told["incidents"] == 35
    plain = [{name: "" if value is None else str(value) for name, value in row.items()} for row in told["summary"]]
    assert plain == rows
    (tmp_path / "list.csv").write_text(MINIMAL.replace("Geneina", "Nowhere at all"), encoding="utf-8")
    asked = ("--online", "nominatim", "--contact", "n@example.org", "--show-queries", "--cache", tmp_path / "a.sqlite")
    done = run("locate", tmp_path / "list.csv", *asked, "--json", "-o", tmp_path / "o.csv")
    [query] = json.loads(done.stdout)["queries"]
    assert "Nowhere" in query


def test_the_built_in_list_is_known_by_its_path() -> None:
    windows = [row["coverage"] for row in csv.DictReader(run("summary").stdout.splitlines())]
    assert set(windows) != {"not stated"}
    assert run("summary", os.path.relpath(BUILTIN)).stdout == run("summary").stdout


def test_titles_are_in_the_language_of_the_product(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(MINIMAL, encoding="utf-8")
    for command in ("map", "report"):
        run(command, path, "--language", "ar", "-o", tmp_path / "x.html")
        assert "حوادث موثقة</title>" in (tmp_path / "x.html").read_text(encoding="utf-8")


def test_an_actor_of_ones_own_can_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(MINIMAL, encoding="utf-8")
    done = run("export", path, "--actor", "rapid support forces", "--json", "-o", tmp_path / "o.gpkg")
    assert json.loads(done.stdout)["incidents"] == 2
    own = run("export", "--actor", "روسيا", "--json", "-o", tmp_path / "o.gpkg")
    assert own.stdout == run("export", "--actor", "Russia", "--json", "-o", tmp_path / "o.gpkg").stdout


def test_nothing_to_propose_is_an_empty_file(tmp_path: Path) -> None:
    path, links = tmp_path / "list.csv", tmp_path / "links.csv"
    path.write_text(MINIMAL, encoding="utf-8")
    assert "0 proposals to decide" in run("link", path, "-o", links).stderr
    assert read_table(links) == []
    assert links.read_text(encoding="utf-8").startswith("id_a,id_b,relation")


def test_refused_rows_are_set_aside_and_the_rest_is_used(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(MINIMAL.replace("2023-05-12", "2023-05-32"), encoding="utf-8")
    assert "date-impossible" in run("summary", path, code=3).stderr
    done = run("summary", path, "--quarantine", tmp_path / "aside.csv", code=4)
    assert "3 rows = 2 records + 1 set aside" in done.stderr
    assert "killed_max" in done.stdout
    aside = (tmp_path / "aside.csv").read_text(encoding="utf-8").splitlines()
    assert aside[0] == "quarantined_row,quarantine_reasons," + MINIMAL.splitlines()[0]
    assert aside[1].startswith("3,")
    assert aside[1].endswith(",2023-05-32,Geneina,Sudan,Rapid Support Forces,12,")


def test_proposals_change_nothing_until_a_person_decides(tmp_path: Path) -> None:
    rows = ["incident_id,date,place,country,latitude,longitude,actors,killed_min,killed_max"]
    rows += [f"{k},2017-03-17,Mosul,Iraq,36.34,43.{k}3,russia,{n}" for k, n in (("1", "4,9"), ("2", "5,7"))]
    path, links = tmp_path / "list.csv", tmp_path / "links.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert "1 proposal to decide" in run("link", path, "-o", links, "--threshold", "0").stderr
    [proposed] = read_table(links)
    assert (proposed["id_a"], proposed["id_b"], proposed["decided_by"]) == ("1", "2", "")

    def total(*options: str | Path) -> tuple[int, int, int]:
        run("summary", path, "-o", tmp_path / "s.csv", *options)
        found = read_table(tmp_path / "s.csv")
        low, high, count = (sum(int(row[name]) for row in found) for name in ("killed_min", "killed_max", "incidents"))
        return low, high, count

    assert total("--links", links) == (9, 16, 2)
    text = links.read_text(encoding="utf-8").replace(",,,", ",NN,2024-01-01,")
    links.write_text(text, encoding="utf-8")
    assert total("--links", links) == (4, 9, 1)
    run("link", path, "-o", tmp_path / "again.csv", "--threshold", "0", "--links", links)
    assert (tmp_path / "again.csv").read_text(encoding="utf-8") == text
