"""Online geocoding against a real HTTP server on loopback."""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import shapely

from geo.errors import FileError, NetworkError, UsageError
from geo.online import PACE_S, Answer, AnswerCache, OnlineGeocoder, locate_online, open_cache
from geo.readers.table import read_incidents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import geopandas as gpd

CONTACT = "records@example.org"
MOSUL = {
    "lat": "36.34",
    "lon": "43.13",
    "display_name": "Mosul, Iraq",
    "addresstype": "city",
    "address": {"country_code": "iq"},
}


class Server(ThreadingHTTPServer):
    """Answers as told, one ``(status, headers, body)`` after the other, the last one for ever."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: list[tuple[int, dict[str, str], Any]] = [(200, {}, [MOSUL])]
        self.seen: list[tuple[float, dict[str, list[str]], str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        server.seen.append((time.time(), parse_qs(urlsplit(self.path).query), self.headers["User-Agent"]))
        status, headers, body = server.script.pop(0) if len(server.script) > 1 else server.script[0]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Keep the test's output clean."""


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def start(code: str) -> subprocess.Popen[str]:
    begin = "from pathlib import Path; from geo.online import AnswerCache, OnlineGeocoder\n"
    return subprocess.Popen([sys.executable, "-c", begin + code], stderr=subprocess.PIPE, text=True)


def start_asking(server: Server, path: Path, *queries: str) -> subprocess.Popen[str]:
    """Return a process that asks the server, with a cache of its own or another's."""
    return start(
        f"g = OnlineGeocoder('nominatim', AnswerCache(Path({str(path)!r})), contact='x', server={server.url!r})\n"
        f"assert [a.outcome for a in g.ask_all({queries!r})] == ['found'] * {len(queries)}\n"
    )


def locate(
    server: Server, folder: Path, *places: str, code: int = 0, **options: str
) -> subprocess.CompletedProcess[str]:
    """Run ``locate --online`` on a list of places of Syria that no gazetteer has; it writes ``located.csv``."""
    rows = "".join(f"2017-03-17,{place},Syria,Russia\n" for place in places)
    (folder / "list.csv").write_text(f"date,place,country,actors\n{rows}", encoding="utf-8")
    given = {
        "online": "nominatim",
        "server": server.url,
        "contact": CONTACT,
        "cache": str(folder / "a.sqlite"),
    } | options
    command = [sys.executable, "-c", "from layers.cli import main; main()", "locate", str(folder / "list.csv")]
    command += ["-o", str(folder / "located.csv"), *(f"--{name}={value}" for name, value in given.items())]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done


def lies_apart(server: Server) -> bool:
    return all(later - earlier >= 1.0 for earlier, later in itertools.pairwise(at for at, _, _ in server.seen))


@contextmanager
def serve() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serve() as server:
        yield server


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[AnswerCache]:
    with open_cache(tmp_path / "answers.sqlite") as cache:
        yield cache


def ask(server: Server, cache: AnswerCache, *queries: str) -> list[str]:
    geocoder = OnlineGeocoder("nominatim", cache, contact=CONTACT, server=server.url)
    return [answer.outcome for answer in geocoder.ask_all(queries)]


def test_an_answer_is_asked_once_and_carries_its_precision_and_country(server: Server, cache: AnswerCache) -> None:
    geocoder = OnlineGeocoder("nominatim", cache, contact=CONTACT, server=server.url)
    first, second = geocoder.ask_all(["Mosul, Iraq"]), geocoder.ask_all(["Mosul, Iraq", "Mosul, Iraq"])
    [answer] = first
    assert (answer.latitude, answer.longitude, answer.precision, answer.country) == (36.34, 43.13, "city", "IQ")
    assert list(second) == [answer]
    [(_, query, agent)] = server.seen
    assert query["q"] == ["Mosul, Iraq"]
    assert CONTACT in agent


def test_requests_are_paced_over_runs(server: Server, tmp_path: Path) -> None:
    for query in ("a", "b"):
        assert start_asking(server, tmp_path / "answers.sqlite", query).communicate()[1] == ""
    assert len(server.seen) == 2
    assert lies_apart(server)
    assert PACE_S > 1.0


@pytest.mark.parametrize("home", ["state", "/proc/nowhere"])
def test_processes_with_caches_of_their_own_take_turns(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / home))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    asking = [start_asking(server, tmp_path / f"{name}.sqlite", f"{name}1", f"{name}2") for name in "ab"]
    assert [process.communicate()[1] for process in asking] == [""] * 2
    assert sorted(query["q"][0] for _, query, _ in server.seen) == ["a1", "a2", "b1", "b2"]
    assert lies_apart(server)


def test_an_empty_answer_is_not_found_and_kept(server: Server, cache: AnswerCache) -> None:
    server.script = [(200, {}, [])]
    assert ask(server, cache, "Nowhere") == ["not_found"]
    assert ask(server, cache, "Nowhere") == ["not_found"]
    assert len(server.seen) == 1


def test_a_county_is_no_point(server: Server, cache: AnswerCache) -> None:
    server.script = [(200, {}, [MOSUL | {"addresstype": "county"}])]
    geocoder = OnlineGeocoder("nominatim", cache, contact=CONTACT, server=server.url)
    assert [a.precision for a in geocoder.ask_all(["Nineveh"])] == [""]


def test_retry_after_is_waited_for_once_then_the_run_stops(server: Server, cache: AnswerCache) -> None:
    server.script = [
        (200, {}, [MOSUL]),
        (429, {"Retry-After": "2"}, {}),
        (200, {}, []),
        (429, {"Retry-After": "2"}, {}),
    ]
    assert ask(server, cache, "a", "b") == ["found", "not_found"]
    assert server.seen[2][0] - server.seen[1][0] >= 2.0
    with pytest.raises(NetworkError, match="stopped with 1 of 3 places left"):
        ask(server, cache, "a", "b", "c")
    assert len(server.seen) == 5


WAITS = {
    "a decimal": ("1.5", 1.5, r"Retry-After: 1\.5; waiting 1\.5 s$"),
    "a date": ("{soon}", 2.0, r"GMT; waiting [23]\.?\d* s$"),
    "a date gone by": ("Wed, 21 Oct 2015 07:28:00 GMT", 1.0, r"GMT; waiting 1\.1 s$"),
    "less than nothing": ("-5", 1.7, r"Retry-After: -5; waiting 1\.7 s, as that cannot be read$"),
    "no number": ("soon", 1.7, r"Retry-After: soon; waiting 1\.7 s, as that cannot be read$"),
    "nothing": ("", 1.7, r"; waiting 1\.7 s, as none are told$"),
}


@pytest.mark.parametrize("case", WAITS)
def test_how_long_is_waited_is_read_and_told(
    server: Server, cache: AnswerCache, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    monkeypatch.setattr("geo.online.UNTOLD_WAIT_S", 1.7)
    asked, least, told = WAITS[case]
    text = asked.format(soon=format_datetime(datetime.now(UTC) + timedelta(seconds=3), usegmt=True))
    server.script = [(429, {"Retry-After": text} if text else {}, {}), (200, {}, [MOSUL])]
    said: list[str] = []
    geocoder = OnlineGeocoder("nominatim", cache, contact=CONTACT, server=server.url, say=said.append)
    assert [answer.outcome for answer in geocoder.ask_all(["a"])] == ["found"]
    assert server.seen[1][0] - server.seen[0][0] >= least
    [words] = said
    assert re.search(f"^nominatim: HTTP 429 Too Many Requests.*{told}", words)


@pytest.mark.parametrize("text", ["500", "9" * 400, "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_a_wait_that_is_too_long_stops_the_run(server: Server, cache: AnswerCache, text: str) -> None:
    server.script = [(429, {"Retry-After": text}, {})]
    with pytest.raises(NetworkError, match=f"Retry-After: {text[:50]}.*; no more than 120 s are waited — stopped"):
        ask(server, cache, "a")


def test_forbidden_stops_at_once(server: Server, cache: AnswerCache) -> None:
    server.script = [(403, {}, {})]
    with pytest.raises(NetworkError, match="run the same command again"):
        ask(server, cache, "a", "b")
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [500, 503])
def test_server_errors_are_tried_three_times_and_never_called_not_found(
    server: Server, cache: AnswerCache, status: int
) -> None:
    server.script = [(status, {}, {})]
    with pytest.raises(NetworkError):
        ask(server, cache, "a")
    assert len(server.seen) == 3
    server.script = [(200, {}, [MOSUL])]
    assert ask(server, cache, "a") == ["found"]


def test_a_refused_query_fails_alone_and_is_asked_again(server: Server, cache: AnswerCache) -> None:
    server.script = [(400, {}, {}), (200, {}, [MOSUL])]
    assert ask(server, cache, "a", "b") == ["failed", "found"]
    assert ask(server, cache, "a") == ["found"]


def test_what_failed_is_told_with_its_reason(server: Server, tmp_path: Path) -> None:
    server.script = [(400, {}, {}), (200, {}, {"error": "Unable to\x1b[2J parse"}), (400, {}, {}), (200, {}, [])]
    done = locate(server, tmp_path, "Qwvone", "Qwvtwo", "Qwvthree", "Qwvfour", code=4)
    told = "nominatim failed on 3 places, run the same command again to ask anew: HTTP 400 Bad Request (2); "
    assert told + r"Unable to\x1b[2J parse (1)" + "\n" in done.stderr
    located = (tmp_path / "located.csv").read_text(encoding="utf-8")
    assert located.count("; failed by nominatim: HTTP 400 Bad Request") == 2
    assert r"; failed by nominatim: Unable to\x1b[2J parse" in located
    assert "; not found by nominatim on" in located


def test_what_no_list_may_hold_is_left_out_of_a_label(server: Server, tmp_path: Path) -> None:
    name = "=Kafr\x00 \u202eNabl\n\ud800 کوه\u200cها"
    server.script = [(200, {}, [MOSUL | {"display_name": name, "addresstype": "county\u2066"}])]
    locate(server, tmp_path, "Qwvone")
    [row] = read_incidents(tmp_path / "located.csv").to_dict("records")
    assert row["location_note"].endswith(": =Kafr Nabl کوه\u200cها (not used: outside the stated country)")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_other_server_is_told_of_a_place(server: Server, cache: AnswerCache, status: int) -> None:
    with serve() as other:
        server.script = [(status, {"Location": f"{other.url}/search?q=a"}, {})]
        with pytest.raises(NetworkError, match=rf"sends on to {other.url}/search, .* stopped with 1 of 1"):
            ask(server, cache, "a")
        assert (len(server.seen), other.seen) == (1, [])


def photon(point: list[float | None] | None, **properties: str) -> dict[str, Any]:
    return {"features": [{"geometry": {"coordinates": point}, "properties": properties}]}


MALFORMED: dict[str, list[Any]] = {
    "nominatim": [
        *(None, {}, {"error": "Unable to geocode"}, "text", [[1, 2]]),
        *([MOSUL | wrong] for wrong in ({"lat": "nan"}, {"lat": float("inf")}, {"lat": "north"}, {"lat": None})),
        *([MOSUL | wrong] for wrong in ({"lat": "135.9"}, {"lon": 10**400}, {"address": None}, {"display_name": None})),
    ],
    "photon": [None, [], {"features": None}, {"features": [{}]}, photon(None), photon([None, 36]), photon([400, 36])],
}


@pytest.mark.parametrize("service", MALFORMED)
def test_an_answer_of_another_form_fails_alone_and_is_never_not_found(
    server: Server, cache: AnswerCache, service: str
) -> None:
    server.script = [(200, {}, body) for body in MALFORMED[service]]
    geocoder = OnlineGeocoder(service, cache, contact=CONTACT, server=server.url)
    answers = list(geocoder.ask_all(map(str, range(len(MALFORMED[service])))))
    assert {answer.outcome for answer in answers} == {"failed"}
    assert all(answer.label for answer in answers)


def test_photon_is_read(server: Server, cache: AnswerCache) -> None:
    properties = {"osm_key": "place", "osm_value": "village", "name": "Badush", "country": "Iraq", "countrycode": "IQ"}
    server.script = [(200, {}, photon([42.98, 36.42], **properties)), (200, {}, {"features": []})]
    geocoder = OnlineGeocoder("photon", cache, contact=CONTACT, server=server.url)
    found, lost = geocoder.ask_all(["Badush", "Nowhere"])
    assert (found.latitude, found.longitude, found.label) == (36.42, 42.98, "Badush, Iraq")
    assert (found.precision, found.country, lost.outcome) == ("village", "IQ", "not_found")


def test_what_is_no_json_stops_the_run(server: Server, cache: AnswerCache) -> None:
    server.script = [(200, {}, b"<html>sign in</html>")]
    with pytest.raises(NetworkError, match="its answer is no JSON — stopped"):
        ask(server, cache, "a")


def test_a_second_process_is_locked_out(cache: AnswerCache) -> None:
    _, told = start(f"AnswerCache(Path({str(cache.path)!r}))").communicate()
    assert f"LockedError: {cache.path}: another run is asking" in told


def test_answers_survive_kill(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    code = (
        "import os, signal; from pathlib import Path; from geo.online import AnswerCache, OnlineGeocoder\n"
        f"g = OnlineGeocoder('nominatim', AnswerCache(Path({str(path)!r})), contact='x', server={server.url!r})\n"
        "answers = g.ask_all(['a', 'b'])\n"
        "next(answers); next(answers); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    with open_cache(path) as cache:
        assert ask(server, cache, "a", "b", "c") == ["found"] * 3
    assert [query["q"] for _, query, _ in server.seen] == [["a"], ["b"], ["c"]]


def test_a_damaged_cache_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    with open_cache(path) as cache:
        for number in range(500):
            cache.put("nominatim", Answer(f"place {number}", "not_found"))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FileError, match=r"renamed to answers\.sqlite\.damaged-"):
        AnswerCache(path)
    with open_cache(path) as cache:
        assert cache.get("nominatim", "place 1") is None


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute(statement)
        database.commit()


def test_a_cache_of_another_version_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    AnswerCache(path).close()
    change(path, "pragma user_version = 99")
    with pytest.raises(FileError, match="schema version 99"):
        AnswerCache(path)


def test_a_file_that_never_was_a_cache_is_left_as_it_is(tmp_path: Path) -> None:
    important, foreign = tmp_path / "important.csv", tmp_path / "theirs.sqlite"
    important.write_text("date,place\n", encoding="utf-8")
    change(foreign, "create table answer (question text, query text)")
    change(foreign, "pragma user_version = 1")
    before = {path: path.read_bytes() for path in (important, foreign)}
    for path in before:
        with pytest.raises(FileError, match="holds something else than answers"):
            AnswerCache(path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    with pytest.raises(UsageError, match="not a regular file"):
        AnswerCache(tmp_path)


def test_an_empty_file_is_a_new_cache(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    path.touch()
    with open_cache(path) as cache:
        assert cache.get("nominatim", "a") is None


def test_who_asks_must_be_told(cache: AnswerCache) -> None:
    with pytest.raises(UsageError, match="--contact"):
        OnlineGeocoder("nominatim", cache, contact=" ")
    with pytest.raises(UsageError, match="not a known service"):
        OnlineGeocoder("nominatum", cache, contact=CONTACT)


@pytest.mark.parametrize("contact", ["Анна@пример", "a@example.org\nHost: example.net", "a\x00b"])
def test_a_contact_that_no_request_can_hold_is_wrong_usage(cache: AnswerCache, contact: str) -> None:
    with pytest.raises(UsageError, match=r"^--contact [^\n\0]*: a request holds plain ASCII alone"):
        OnlineGeocoder("nominatim", cache, contact=contact)


NO_SERVERS = [
    "",
    "ftp://x",
    "file:///etc/passwd",
    "http://",
    "http://a b",
    "http://пример",
    "http://me@host",
    "host:99999",
]


@pytest.mark.parametrize("server", NO_SERVERS)
def test_a_server_that_is_none_is_wrong_usage(cache: AnswerCache, server: str) -> None:
    with pytest.raises(UsageError, match=r"^--server .*: not the address of a server"):
        OnlineGeocoder("photon", cache, contact=CONTACT, server=server)


def test_a_server_may_have_a_path(server: Server, cache: AnswerCache) -> None:
    geocoder = OnlineGeocoder("nominatim", cache, contact=CONTACT, server=f"{server.url}/osm/")
    assert [answer.outcome for answer in geocoder.ask_all(["a"])] == ["found"]


def test_what_is_shown_is_what_was_never_answered(server: Server, cache: AnswerCache) -> None:
    ask(server, cache, "a")
    shown = OnlineGeocoder("nominatim", cache, contact="", server=server.url, sends=False)
    assert [answer.outcome for answer in shown.ask_all(["a", "b"])] == ["found", "failed"]
    assert shown.unsent == ["b"]
    assert len(server.seen) == 1
    assert ask(server, cache, "b") == ["found"]


def test_only_unplaced_places_are_asked_and_only_good_answers_used(
    server: Server,
    cache: AnswerCache,
    make_incidents: Callable[..., gpd.GeoDataFrame],
    squares: gpd.GeoDataFrame,
) -> None:
    incidents = make_incidents(
        {"place": "Southam", "country": "Aland", "x": 0.5, "y": 0.5},
        {"place": "Northam", "admin1": "Westland", "country": "Aland", "description": "call +1 555 0100"},
        {"place": "Northam", "admin1": "Westland", "country": "Aland"},
        {"place": "Abroad", "country": "Aland"},
        {"place": "County", "country": "Aland"},
        {"place": "Lost", "country": "Aland"},
        {"country": "Aland"},
    )
    home = MOSUL | {"lat": "0.25", "lon": "0.75", "addresstype": "village", "address": {"country_code": "aa"}}
    server.script = [(200, {}, a) for a in ([home], [MOSUL], [home | {"addresstype": "county"}], [])]
    geocoder = OnlineGeocoder("nominatim", cache, contact=CONTACT, server=server.url)
    placed = locate_online(incidents, geocoder, squares)
    sent = [query["q"] for _, query, _ in server.seen]
    assert sent == [["Northam, Westland, Aland"], ["Abroad, Aland"], ["County, Aland"], ["Lost, Aland"]]
    assert placed.geometry.iloc[1:3].tolist() == [shapely.Point(0.75, 0.25)] * 2
    assert placed["located_by"].fillna("").tolist() == ["", *["online:nominatim"] * 2, "", "", "", ""]
    assert placed["precision"].tolist() == ["village", "village", "village", *["none"] * 4]
    notes = placed["location_note"].fillna("").tolist()
    told = ("outside the stated country", "county is no settlement", "not found by nominatim on")
    assert all(part in note for part, note in zip(told, notes[3:6], strict=True))
    assert placed.geometry.iloc[3:].isna().all()


STATED = {
    "in the governorate": ("Westland", 0.5, True),
    "a little outside it": ("Westland", 1.05, True),
    "far outside it": ("Westland", 1.5, False),
    "in one of several": ("Eastland and Westland", 1.5, True),
    "outside all of several": ("Westland and Nowhere", 1.5, False),
    "an unknown one": ("Nowhere", 1.5, True),
    "none": (None, 1.5, True),
}


@pytest.mark.parametrize("case", STATED)
def test_an_answer_outside_the_governorate_stated_is_told_and_not_used(
    server: Server,
    cache: AnswerCache,
    make_incidents: Callable[..., gpd.GeoDataFrame],
    squares: gpd.GeoDataFrame,
    case: str,
) -> None:
    admin1, x, used = STATED[case]
    incidents = make_incidents({"place": "Southam", "admin1": admin1, "country": "Aland"})
    there = {"lat": "0.25", "lon": str(x), "addresstype": "village", "address": {"country_code": "aa"}}
    server.script = [(200, {}, [MOSUL | there])]
    geocoder = OnlineGeocoder("nominatim", cache, contact=CONTACT, server=server.url)
    placed = locate_online(incidents, geocoder, squares)
    assert placed.geometry.notna().tolist() == [used]
    assert ("not used: outside the stated governorate" in placed["location_note"].iloc[0]) == (not used)


SPOTS = {
    "elsewhere in the world": ("Aland", "48.8", "2.3", 5.0, "outside the stated country"),
    "a little over the border": ("Aland", "0.25", "2.02", 5.0, ""),
    "over a border that nothing may cross": ("Aland", "0.25", "2.02", 0.0, "outside the stated country"),
    "the null island": ("Beland", "0", "0", 5.0, "outside the stated country"),
    "the null island, no country stated": (None, "0", "36.7", 5.0, "a zero is no coordinate"),
}


@pytest.mark.parametrize("case", SPOTS)
def test_an_answer_is_where_its_point_is_whatever_country_it_names(
    server: Server,
    cache: AnswerCache,
    make_incidents: Callable[..., gpd.GeoDataFrame],
    squares: gpd.GeoDataFrame,
    case: str,
) -> None:
    country, lat, lon, tolerance, wrong = SPOTS[case]
    code = "bb" if country == "Beland" else "aa"
    server.script = [(200, {}, [MOSUL | {"lat": lat, "lon": lon, "address": {"country_code": code}}])]
    geocoder = OnlineGeocoder("nominatim", cache, contact=CONTACT, server=server.url)
    incidents = make_incidents({"place": "Southam", "country": country})
    placed = locate_online(incidents, geocoder, squares, border_tolerance_km=tolerance)
    note = placed["location_note"].iloc[0]
    assert placed.geometry.isna().tolist() == [bool(wrong)]
    assert note.endswith(f"Mosul, Iraq (not used: {wrong})" if wrong else "Mosul, Iraq")


def test_the_country_stated_is_known_whatever_code_its_boundaries_have(
    server: Server, cache: AnswerCache, make_incidents: Callable[..., gpd.GeoDataFrame], coded: gpd.GeoDataFrame
) -> None:
    incidents = make_incidents({"place": "Southam", "admin1": "Westland", "country": "Aland"}, {"place": "Northam"})
    there = {"lat": "0.25", "lon": "0.5", "addresstype": "village"}
    server.script = [(200, {}, [MOSUL | there | {"address": {"country_code": "aa"}}])]
    geocoder = OnlineGeocoder("nominatim", cache, contact=CONTACT, server=server.url)
    assert locate_online(incidents, geocoder, coded).geometry.notna().all()
    server.script = [(200, {}, [MOSUL | there | {"address": {"country_code": "bb"}}])]
    abroad = make_incidents({"place": "Eastham", "admin1": "Westland", "country": "Aland"})
    assert "outside the stated country" in locate_online(abroad, geocoder, coded)["location_note"].iloc[0]
