"""The hand-written data, read with nothing but the standard library and held to the published figures."""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from geopy.distance import geodesic

from geo.schema import ATTRIBUTIONS, COUNTS, GRADINGS, PRECISIONS

Row = dict[str, str]

DATA = Path(__file__).resolve().parents[2] / "data"
TABLES = ("incidents.csv", "claims.csv", "totals.csv", "actors.csv", "extra_places.csv")
SHAPES = {"circle", "square", "triangle", "diamond", "triangle-down", "pentagon", "hexagon", "star", "cross", "plus"}
STANCES = {"alleged", "assessed", "conceded", "credible", "denied", "non_credible"}
MEASURES = {"civilians", "all_deaths", "combatants", "children", "women", "men", "injured"}
LAND = "#eeeeee"

AIRWARS_KILLED = {
    "TS075": (12, 47),
    "CS477-RS1873": (5, 30),
    "CS498-TS081": (18, 50),
    "RS1905": (5, 46),
    "RS1920": (7, 20),
    "CS559-RS1939": (14, 24),
    "CS561": (7, 23),
    "CS568": (12, 22),
    "RS1963": (39, 39),
    "CS578": (37, 62),
    "CS589": (9, 18),
    "CS598": (40, 420),
    "CS603": (10, 20),
    "CS609": (44, 56),
    "RS2022": (12, 18),
    "CS641": (4, 50),
    "RS2066": (9, 18),
    "CS662a-RS2068": (7, 37),
    "CS670": (18, 21),
    "RS2088": (14, 20),
    "CS705": (25, 36),
    "CS734": (16, 16),
    "CI537": (27, 29),
    "CI550": (105, 141),
    "CI551": (125, 370),
}


def read(name: str) -> list[Row]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


INCIDENTS, CLAIMS, TOTALS, ACTORS, PLACES = map(read, TABLES)
INCIDENT = {row["incident_id"]: row for row in INCIDENTS}
CLAIM = {row["claim_id"]: row for row in CLAIMS}
TOTAL = {row["total_id"]: row for row in TOTALS}
ACTOR = {row["actor"]: row for row in ACTORS}


def span(row: Row, name: str = "") -> tuple[int | None, int | None]:
    low, high = (row[f"{name}_{end}" if name else end] for end in ("min", "max"))
    return int(low) if low else None, int(high) if high else None


def linear(color: str) -> list[float]:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def luminance(color: str) -> float:
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(color), strict=True))


@pytest.mark.parametrize("name", TABLES)
def test_files_are_plain_csv(name: str) -> None:
    content = (DATA / name).read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert content.endswith(b"\n")
    rows = list(csv.reader(content.decode("utf-8").splitlines(), strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert len({row[0] for row in rows}) == len(rows)
    assert all(cell == cell.strip() for row in rows for cell in row)
    assert not re.search("[\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", content.decode("utf-8"))


def test_thirty_three_incidents_are_thirty_five_records() -> None:
    assert len(INCIDENTS) == len(INCIDENT) == 35
    assert INCIDENT["CI550"]["related"] == "overlaps:CI551"
    assert INCIDENT["CI551"]["related"] == "overlaps:CI550"
    assert [row["incident_id"] for row in INCIDENTS if row["related"]] == ["CI550", "CI551"]


@pytest.mark.parametrize("row", INCIDENTS, ids=lambda row: row["incident_id"])
def test_incident_is_well_formed(row: Row) -> None:
    first, _, last = row["date"].partition("/")
    assert date(2017, 2, 1) <= date.fromisoformat(first) <= date.fromisoformat(last or first)
    assert date.fromisoformat(first) < date(2017, 5, 1)
    assert row["country"] in {"Syria", "Iraq"}
    assert row["attribution"] in ATTRIBUTIONS
    assert row["grading"] in {"", *GRADINGS}
    assert row["location_precision"] in {"", *PRECISIONS}
    assert bool(row["latitude"]) == bool(row["longitude"]) == bool(row["location_precision"])
    assert all(row["sources"].split("|"))
    assert len(row["description"]) > 40
    for name in COUNTS:
        low, high = span(row, name)
        assert low is not None or high is None
        assert low is None or high is None or 0 <= low <= high
    assert span(row, "killed") != (None, None)


def test_several_actors_are_joint_or_contested() -> None:
    for row in INCIDENTS:
        several = len(row["actors"].split("|")) > 1
        assert several == (row["attribution"] in {"joint", "contested"})
        assert (row["actors"] == "unknown") == (row["attribution"] == "unknown")
    assert [row["incident_id"] for row in INCIDENTS if row["attribution"] == "joint"] == ["CI554"]


@pytest.mark.parametrize(("incident", "killed"), AIRWARS_KILLED.items(), ids=AIRWARS_KILLED)
def test_killed_are_the_figures_of_airwars(incident: str, killed: tuple[int, int]) -> None:
    assert span(INCIDENT[incident], "killed") == killed
    claims = [row for row in CLAIMS if (row["incident_id"], row["source"]) == (incident, "Airwars")]
    assert [span(row) for row in claims if row["measure"] == "civilians"] == [killed]
    for row in claims:
        if row["measure"] != "civilians":
            assert span(row) == span(INCIDENT[incident], row["measure"])


def test_al_jinah_is_stated_as_centcom_first_said() -> None:
    row = INCIDENT["CS578"]
    assert (row["admin1"], row["actors"]) == ("Idlib", "united-states")
    assert {claim["location"] for claim in CLAIMS if claim["incident_id"] == "CS578"} >= {"Idlib", "Idlib province"}


def test_published_points_lie_as_far_apart_as_published() -> None:
    def point(row: Row) -> tuple[float, float]:
        return float(row["latitude"]), float(row["longitude"])

    (school,) = (row["location"] for row in CLAIMS if (row["incident_id"], row["source"]) == ("CS598", "UCDP GED"))
    assert geodesic(point(INCIDENT["CS598"]), tuple(map(float, school.split(",")))).km == pytest.approx(2.82, abs=0.005)
    assert geodesic(point(INCIDENT["CI550"]), point(INCIDENT["CI551"])).m == pytest.approx(80, abs=1)


def test_country_level_records_are_known_as_such() -> None:
    rows = [row for row in INCIDENTS if row["location_precision"] == "country"]
    assert [row["incident_id"] for row in rows] == ["UCDP-244403", "UCDP-244279"]
    assert all("/" in row["date"] and not row["admin1"] for row in rows)


def test_claims_are_well_formed() -> None:
    assert len(CLAIM) == len(CLAIMS)
    for claim, row in CLAIM.items():
        assert row["incident_id"] in INCIDENT
        assert claim.startswith(row["incident_id"] + "-")
        assert row["source"]
        assert row["measure"] in MEASURES
        assert row["stance"] in STANCES
        assert not row["published"] or date.fromisoformat(row["published"]) >= date(2017, 2, 24)
        low, high = span(row)
        assert low is None or high is None or 0 <= low <= high
        assert row["note"] or (low, high) != (None, None)
        assert not row["url"] or re.fullmatch(r"https?://\S+", row["url"])
    assert {row["incident_id"] for row in CLAIMS} == set(INCIDENT)


def test_a_claim_supersedes_an_earlier_one_of_its_kind() -> None:
    for row in CLAIMS:
        if row["supersedes"]:
            old = CLAIM[row["supersedes"]]
            assert (old["incident_id"], old["source"], old["measure"]) == (
                row["incident_id"],
                row["source"],
                row["measure"],
            )
            assert old["published"] <= row["published"]
    assert len({row["supersedes"] for row in CLAIMS if row["supersedes"]}) == sum(bool(r["supersedes"]) for r in CLAIMS)


@pytest.mark.parametrize(("incident", "tolls"), [("UCDP-242754", [14, 42, 51]), ("CS578", [42, 46, 49])])
def test_running_tolls_are_chains(incident: str, tolls: list[int]) -> None:
    rows = [
        row for row in CLAIMS if (row["incident_id"], row["source"], row["measure"]) == (incident, "SOHR", "all_deaths")
    ]
    assert [span(row) for row in rows] == [(toll, toll) for toll in tolls]
    assert [row["supersedes"] for row in rows] == ["", *(row["claim_id"] for row in rows[:-1])]


def test_conceded_numbers() -> None:
    conceded = {row["incident_id"]: span(row) for row in CLAIMS if row["stance"] == "conceded"}
    expected = {"CS561": 0, "CI537": 27, "CS578": 1, "CI550": 105, "CS598": 40, "CS603": 10, "CS609": 7}
    assert conceded == {k: (n, n) for k, n in (expected | {"CI591": 12, "CS705": 25}).items()}


SNHR = {
    "isis": (119, 19, 7),
    "russia": (224, 51, 42),
    "us-led-coalition": (260, 70, 34),
    "syrian-government": (417, 61, 46),
}


def test_snhr_totals_are_the_published_ones() -> None:
    found = {
        actor: tuple(
            int(row["min"])
            for measure in ("civilians", "children", "women")
            for row in TOTALS
            if (row["source"], row["period"], row["actor"], row["measure"]) == ("SNHR", "2017-03", actor, measure)
        )
        for actor in SNHR
    }
    assert found == SNHR
    assert [sum(column) for column in zip(*found.values(), strict=True)] == [1020, 201, 129]
    killed_by_others = int(TOTAL["snhr-2017-03-all-civilians"]["min"]) - 1020
    assert killed_by_others == 114
    assert span(TOTAL["snhr-2017-03-all-civilians"]) == (1134, 1134)
    assert span(TOTAL["snhr-2017-03-kurdish-civilians"]) == (11, 11)
    shares = {actor: round(100 * (children + women) / killed, 1) for actor, (killed, children, women) in found.items()}
    assert shares == {"isis": 21.8, "russia": 41.5, "us-led-coalition": 40.0, "syrian-government": 25.7}


def test_reports_of_the_coalition_add_up() -> None:
    count = {key: float(row["min"]) for key, row in TOTAL.items() if key.startswith("cjtf-oir")}
    month = {key.removeprefix("cjtf-oir-2017-03-"): int(n) for key, n in count.items() if "-2017-03-" in key[:17]}
    assert month["open-before"] + month["new"] - month["closed"] == month["open-after"] == 42
    assert month["non-credible"] + month["credible"] + month["duplicate"] == month["closed"] == 28
    ever = {key.removeprefix("cjtf-oir-to-2017-03-"): n for key, n in count.items() if key.startswith("cjtf-oir-to")}
    assert round(100 * ever["reports"] / ever["engagements"], 2) == ever["report-share"] == 0.94
    assert round(100 * ever["credible"] / ever["engagements"], 2) == ever["credible-share"] == 0.24


def test_alleged_totals_of_airwars_grow_with_the_day() -> None:
    rows = [row for row in TOTALS if row["total_id"].startswith("airwars-2017-03-alleged")]
    assert {row["published"]: int(row["min"]) for row in rows} == {
        "2017-03-24": 1000,
        "2017-03-31": 1257,
        "2017-04-03": 1472,
    }


def test_totals_are_well_formed() -> None:
    assert len(TOTAL) == len(TOTALS)
    for row in TOTALS:
        assert row["source"]
        assert row["country"] in {"Syria", "Iraq", "Iraq|Syria"}
        assert re.fullmatch(r"((\d{4}-\d\d(-\d\d)?)(/\d{4}-\d\d(-\d\d)?)?)?", row["period"])
        assert not row["published"] or date.fromisoformat(row["published"])
        assert len(row["scope"]) > 20
        low, high = (float(row[end]) if row[end] else None for end in ("min", "max"))
        assert low is not None
        assert high is None or low <= high


@pytest.mark.parametrize("rows", [INCIDENTS, CLAIMS, TOTALS], ids=["incidents", "claims", "totals"])
def test_every_actor_is_known(rows: list[Row]) -> None:
    column = "actors" if "actors" in rows[0] else "actor"
    assert {actor for row in rows for actor in row[column].split("|") if actor} <= set(ACTOR)


def test_an_actor_name_means_one_actor() -> None:
    names = Counter(
        name
        for row in ACTORS
        for name in {row[c].casefold() for c in ("actor", "label", "label_ar")}
        | set(row["aliases"].casefold().split("|"))
    )
    assert "" not in names
    assert names.most_common(1)[0][1] == 1
    for row in ACTORS:
        spellings = [row["label"], *row["aliases"].split("|")]
        assert len(set(spellings)) == len(spellings)


def test_actors_are_well_formed() -> None:
    for row in ACTORS:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", row["actor"])
        assert re.fullmatch(r"#[0-9a-f]{6}", row["color"])
        assert row["shape"] in SHAPES
        assert row["label"]
        assert re.search(r"[\u0600-\u06ff]", row["label_ar"])
        assert row["parent"] in {"", *ACTOR}
    assert ACTOR["united-states"]["parent"] == ""
    assert ACTOR["united-kingdom"]["parent"] == ACTOR["france"]["parent"] == "us-led-coalition"


def test_actors_can_be_told_apart() -> None:
    assert len({row["color"] for row in ACTORS}) == len({(r["shape"], r["color"]) for r in ACTORS}) == len(ACTORS)
    mapped = {actor for row in INCIDENTS for actor in row["actors"].split("|")}
    assert len({ACTOR[actor]["shape"] for actor in mapped}) == len(mapped)
    for row in ACTORS:
        assert (luminance(LAND) + 0.05) / (luminance(row["color"]) + 0.05) >= 3  # WCAG 2, 1.4.11
    red, green, blue = (int(ACTOR["unknown"]["color"][i : i + 2], 16) for i in (1, 3, 5))
    assert red == green == blue


# Machado, Oliveira and Fernandes 2009, full severity, on linear RGB
VISIONS = {
    "protanopia": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deuteranopia": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritanopia": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}


def lab(rgb: list[float]) -> list[float]:
    weights = ((0.4125, 0.3576, 0.1804), (0.2127, 0.7152, 0.0722), (0.0193, 0.1192, 0.9503))
    xyz = [sum(w * c for w, c in zip(row, rgb, strict=True)) for row in weights]
    x, y, z = (
        t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
        for t in (c / white for c, white in zip(xyz, (0.9505, 1, 1.0888), strict=True))
    )
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


@pytest.mark.parametrize("vision", VISIONS)
def test_main_colors_differ_in_every_vision(vision: str) -> None:
    main = {actor for row in INCIDENTS for actor in row["actors"].split("|")} | {"sdf"}
    seen = []
    for actor in main:
        rgb = linear(ACTOR[actor]["color"])
        seen.append(lab([min(max(sum(w * c for w, c in zip(r, rgb, strict=True)), 0), 1) for r in VISIONS[vision]]))
    distances = [
        sum((p - q) ** 2 for p, q in zip(a, b, strict=True)) ** 0.5 for a, b in itertools.combinations(seen, 2)
    ]
    assert min(distances) > 12


def test_places_are_well_formed() -> None:
    for row in PLACES:
        assert row["place"]
        assert row["source"]
        assert row["admin1"].startswith(row["country"] + "-")
        assert row["country"] in {"SY", "IQ", "LB"}
        assert row["precision"] in PRECISIONS
        assert 32 < float(row["latitude"]) < 38
        assert 35 < float(row["longitude"]) < 49
    names = Counter(name for row in PLACES for name in {row["place"].casefold(), *row["aliases"].casefold().split("|")})
    assert names.most_common(1)[0][1] == 1
    assert {"al-Jinah", "Urum al-Kubra", "New Mosul"} <= {row["place"] for row in PLACES}
