from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.actors import (
    COLUMNS,
    SHAPES,
    derive_attribution,
    extend_actors,
    index_actors,
    judge_new_actors,
    match_actors,
    merge_cases,
    read_actors,
    trace_parents,
)
from geo.errors import InputError
from geo.parse import CellError

if TYPE_CHECKING:
    from pathlib import Path

LIST_BOTH = "write 'RSF', or list both in an --actors file [actor-spellings]"
TWICE = "'RSF' already stands for the actor of row 3 — keep it in one row [actor-twice]"
TURNED = "contains U+202E RIGHT-TO-LEFT OVERRIDE at character 2 — delete that character [hostile-character]"
MISSPELT = "is not a column of this table; did you mean 'actor'? — rename it to 'actor' [misspelt-column]"

KNOWN = index_actors(read_actors())


def series(*values: str | None) -> pd.Series:
    return pd.Series(values, index=pd.RangeIndex(2, len(values) + 2, name="row"), dtype="str")


def refusal(path: Path) -> list[str]:
    with pytest.raises(InputError) as raised:
        read_actors(path)
    return [problem.message(path.name) for problem in raised.value.problems]


@pytest.mark.parametrize(
    ("cell", "ids"),
    [
        ("russia", "russia"),
        ("Russia", "russia"),
        ("Russian Military", "russia"),
        ("روسيا", "russia"),
        ("داعش", "isis"),
        ("Syrian Regime", "syrian-government"),
        ("Russia|US-led coalition", "russia|us-led-coalition"),
        ("US-led coalition | Russia", "us-led-coalition|russia"),
        ("Russia|Russian Military", "russia"),
        ("Unknown", "unknown"),
        ("N/A", "unknown"),
        ("unclear", "unknown"),
        ("unknown gunmen", "unknown"),
        ("", "unknown"),
        ("|", "unknown"),
        ("?", "unknown"),
        ("—", "unknown"),
        ("TBC", "unknown"),
        ("none", "unknown"),
        ("various", "unknown"),
        ("UNIDENTIFIED", "unknown"),
        ("unidentified armed men", "unknown"),
        ("Unknown attackers", "unknown"),
        ("Inconnus", "unknown"),
        ("hommes armés non identifiés", "unknown"),
        ("Desconocido", "unknown"),
        ("homens armados não identificados", "unknown"),
        ("Unbekannte Täter", "unknown"),
        ("faili meçhul", "unknown"),
        ("Невстановлені особи", "unknown"),
        ("неизвестные", "unknown"),
        ("افراد مسلح ناشناس", "unknown"),
        ("مجهول", "unknown"),
        ("RUSSIA", "russia"),
        ("israeli military|Israeli Military", "israel"),
        ("Rapid Support Forces", "Rapid Support Forces"),
        ("Russia|Wagner", "russia|Wagner"),
        ("Syria", "Syria"),
        ("Mali", "Mali"),
    ],
)
def test_names_of_actors(cell: str, ids: str) -> None:
    assert match_actors(cell, KNOWN) == ids


def test_every_spelling_of_every_known_actor_is_read() -> None:
    actors = read_actors()
    for actor, row in actors.fillna("").iterrows():
        for name in [str(actor), row["label"], row["label_ar"], *row["aliases"].split("|")]:
            assert not name or match_actors(name, KNOWN) == actor


@pytest.mark.parametrize(
    ("cell", "wrong"),
    [
        ("Rus sia", "differs in spaces or marks; did you mean 'Russia'?"),
        ("Russi\u0430", "contains U+0430 CYRILLIC SMALL LETTER A; did you mean 'Russia'?"),
        ("\u03a4urkey", "contains U+03A4 GREEK CAPITAL LETTER TAU; did you mean 'Turkey'?"),
        ("Rus\u200bsia", "contains U+200B ZERO WIDTH SPACE; did you mean 'Russia'?"),
        ("Iraqi\u00a0forces", "contains U+00A0 NO-BREAK SPACE; did you mean 'Iraqi forces'?"),
        ("روسـيا", "contains U+0640 ARABIC TATWEEL; did you mean 'روسيا'?"),
        ("Rusia", "is one letter off; did you mean 'Russia'?"),
        ("Russiaa", "is one letter off; did you mean 'Russia'?"),
        ("Rusisa", "is one letter off; did you mean 'Russia'?"),
        ("US led coalition", "differs in spaces or marks; did you mean 'US-led coalition'?"),
    ],
)
def test_near_misses_are_refused_and_named(cell: str, wrong: str) -> None:
    with pytest.raises(CellError) as raised:
        match_actors(cell, KNOWN)
    assert raised.value.wrong == wrong
    assert raised.value.code == "actor-near-miss"
    known = wrong.rpartition("did you mean ")[2].rstrip("?")
    assert raised.value.todo == f"write {known}, or list the actor in an --actors file if it is another one"


@pytest.mark.parametrize(
    ("cell", "todo"),
    [
        ("Russia, US-led coalition", "separate them with |, as in 'Russia|US-led coalition'"),
        ("Russia; Turkey", "separate them with |, as in 'Russia|Turkey'"),
        ("russia and TURKEY", "separate them with |, as in 'Russia|Turkey'"),
        ("Russia, Wagner", "separate them with |, as in 'Russia|Wagner'"),
    ],
)
def test_names_in_one_cell_are_separated_by_bars(cell: str, todo: str) -> None:
    with pytest.raises(CellError) as raised:
        match_actors(cell, KNOWN)
    assert (raised.value.wrong, raised.value.todo) == ("names several actors", todo)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("Russia (likely)", "'Russia'"),
        ("Russia?", "'Russia'"),
        ("possibly Russia", "'Russia'"),
        ("RSF?", "the name"),
        ("Russia or possibly Turkey", "the name"),
        ("روسيا؟", "'روسيا'"),
    ],
)
def test_doubt_has_a_column_of_its_own(cell: str, said: str) -> None:
    with pytest.raises(CellError) as raised:
        match_actors(cell, KNOWN)
    assert raised.value.todo == f"write {said} alone, and 'likely' or 'believed' in attribution_confidence"


def test_who_it_was_not_is_no_actor() -> None:
    with pytest.raises(CellError, match="says who it was not — write who it was, or leave the cell empty"):
        match_actors("Not Russia", KNOWN)
    assert match_actors("Do Not Forget Brigade", KNOWN) == "Do Not Forget Brigade"


def test_case_tells_actors_apart_where_a_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "actors.csv"
    path.write_text("actor,aliases\nSAF,\nSaf,army of saf\nrsf,syrian regime\n", encoding="utf-8")
    known = index_actors(read_actors(path))
    assert match_actors("SAF|Saf|Army of SAF|Syrian Regime", known) == "SAF|Saf|rsf"
    with pytest.raises(CellError, match="differs in case; did you mean 'SAF'"):
        match_actors("saf", known)


def test_short_names_and_numbers_are_not_slips() -> None:
    known = index_actors(
        pd.DataFrame({"label": ["Iran", "Brigade 17"], "label_ar": "", "aliases": ""}, ["iran", "b17"])
    )
    assert match_actors("Iraq|Brigade 18", known) == "Iraq|Brigade 18"


@given(st.text())
def test_any_text_names_actors_or_is_refused(text: str) -> None:
    try:
        ids = match_actors(text, KNOWN)
    except CellError:
        return
    assert ids
    assert match_actors(ids, KNOWN) == ids


def test_new_actors_are_announced_and_two_spellings_of_one_refused() -> None:
    cells = series("RSF", "russia|RSF", "R.S.F.", "SAF")
    problems = judge_new_actors(cells, ["russia"])
    assert [problem.severity for problem in problems] == ["note", "error", "note"]
    assert [problem.message("list.csv").partition(" — list it")[0] for problem in problems] == [
        "list.csv:2 column 'actors': value 'RSF' — is a new actor, in 2 rows",
        f"list.csv:4 column 'actors': value 'R.S.F.' — differs in spaces or marks from 'RSF', in 1 row — {LIST_BOTH}",
        "list.csv:5 column 'actors': value 'SAF' — is a new actor, in 1 row",
    ]


def test_new_actors_that_case_alone_tells_apart_are_one() -> None:
    cells = series("Rsf", "RSF|Rsf", "rsf|russia", "RSF", None, "Saf")
    merged = merge_cases(cells, ["russia", "SAF"])
    assert merged.fillna("").tolist() == ["RSF", "RSF", "RSF|russia", "RSF", "", "Saf"]
    assert merge_cases(cells[:0], []).empty
    assert merge_cases(series(None, None), []).isna().all()
    assert merge_cases(cells[::-1], ["russia", "SAF"]).loc[cells.index].equals(merged), "in any order of rows"


def test_new_actors_that_are_nearly_the_same_are_told() -> None:
    full, slip = "Rapid Support Forces", "Rapid Suport Forces"
    problems = judge_new_actors(series(slip, full, full, "RSF"), [])
    told = {(problem.value, problem.severity): problem.wrong for problem in problems}
    assert told[slip, "finding"] == f"is one letter off from '{full}', in 1 row"
    assert told["RSF", "finding"] == f"may be short for '{full}'"
    assert {problem.severity for problem in problems if problem.value == full} == {"note"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PBCP", "PBCP-J"),
        ("Police of Iran", "Police of Iraq"),
        ("Division A", "Division B"),
        ("Army 2017", "Army 2018"),
    ],
)
def test_names_that_differ_in_a_short_word_are_two_actors(one: str, other: str) -> None:
    assert {problem.code for problem in judge_new_actors(series(one, other), [])} == {"new-actor"}


@pytest.mark.parametrize("cell", ["RSF, SAF", "SAF and RSF", "RSF/saf", "RSF; SAF", "RSF or russia"])
def test_several_actors_in_a_cell_are_told_by_those_the_list_has_alone(cell: str) -> None:
    (*_, problem) = sorted(
        judge_new_actors(series("RSF", cell, "SAF"), ["russia"]), key=lambda p: p.severity != "error"
    )[:1]
    assert (problem.code, problem.row) == ("actors-joined", 3)
    assert "|" in problem.todo


def test_two_spellings_of_what_may_be_several_actors_offer_both_readings() -> None:
    [spelt] = [
        p for p in judge_new_actors(pd.Series(["M23, RDF", "M23, RDF", "M23 / RDF"]), ()) if p.code != "new-actor"
    ]
    both = "write 'M23|RDF' if it is several actors, 'M23, RDF' if it is one, or list both in an --actors file"
    assert (spelt.value, spelt.todo, spelt.severity) == ("M23 / RDF", both, "error")


def test_and_in_the_name_of_an_actor_is_no_joint() -> None:
    problems = judge_new_actors(series("RSF", "Ministry of Defence and Aviation"), ["russia"])
    assert {problem.code for problem in problems} == {"new-actor"}


def test_the_attribution_follows_from_the_actors_unless_stated() -> None:
    actors = series("russia", "unknown", "russia|turkey", "russia|turkey", None)
    derived = derive_attribution(actors, series(None, None, None, "joint", None))
    assert derived.tolist() == ["sole", "unknown", "shared", "joint", "unknown"]
    assert derived.index.equals(actors.index)


def test_new_actors_get_looks_of_their_own_in_sorted_order() -> None:
    actors = read_actors()
    more = extend_actors(actors, ["SAF", "russia", "RSF"])
    assert more.index.tolist() == [*actors.index, "RSF", "SAF"]
    assert more["label"].tolist()[-2:] == ["RSF", "SAF"]
    assert not set(more["color"].iloc[-2:]) & set(actors["color"])
    pd.testing.assert_frame_equal(extend_actors(actors, ["SAF", "RSF"]), extend_actors(actors, ["RSF", "SAF"]))
    pd.testing.assert_frame_equal(extend_actors(actors, ["russia"]), actors)


def test_sixty_new_actors_look_different() -> None:
    more = extend_actors(read_actors(), [f"Group {number:02}" for number in range(60)])
    assert not more.duplicated(["color", "shape"]).any()
    assert set(more["shape"]) <= set(SHAPES)


def test_a_file_of_ones_own_wins(tmp_path: Path) -> None:
    path = tmp_path / "actors.csv"
    path.write_text(
        "actor,label,aliases,color,parent\nrussia,Russian Federation,,#000001,\nrsf,RSF,Syrian Regime,,russia\n",
        encoding="utf-8",
    )
    actors = read_actors(path)
    known = index_actors(actors)
    assert (*actors.columns,) == COLUMNS[1:]
    assert list(actors.loc["russia", ["label", "color", "shape"]]) == ["Russian Federation", "#000001", "circle"]
    assert actors.loc["rsf", "color"] not in set(read_actors()["color"])
    assert match_actors("Syrian Regime", known) == "rsf"
    assert match_actors("Government of Syria", known) == "syrian-government"


def test_everything_wrong_in_an_actors_file_is_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / "actors.csv"
    rows = ["a|b,,blue,blob,nobody", "rsf,RSF,#0072b2,star,", "saf,RSF,,,", "x\u202ey,,,,"]
    path.write_text("\n".join(["actor,label,color,shape,parent", *rows]), encoding="utf-8")
    shapes = ", ".join(SHAPES)
    assert refusal(path) == [
        "actors.csv:2 column 'actor': value 'a|b' — is no id — write a short name without | [actor-id]",
        "actors.csv:2 column 'color': value 'blue' — is no colour — write it as #0072b2 [actor-color]",
        "actors.csv:2 column 'parent': value 'nobody' — is no actor — write the id of an actor [actor-parent]",
        f"actors.csv:2 column 'shape': value 'blob' — is no shape — write one of {shapes} [actor-shape]",
        f"actors.csv:4 column 'actor': value 'saf' — {TWICE}",
        f"actors.csv:5 column 'actor': value 'x\\u202ey' — {TURNED}",
    ]


def test_an_actors_file_needs_ids(tmp_path: Path) -> None:
    path = tmp_path / "actors.csv"
    path.write_text("actr,label\nrsf,RSF\n", encoding="utf-8")
    assert refusal(path) == [
        "actors.csv:1 column 'actor': value '' — is missing — add it: the id of each actor [missing-column]",
        f"actors.csv:1 column 'actr': value '' — {MISSPELT}",
    ]


def test_an_actor_belongs_to_its_parents() -> None:
    kin = trace_parents(read_actors())
    assert kin["france"] == ["france", "us-led-coalition"]
    assert kin["us-led-coalition"] == ["us-led-coalition"]
    assert kin["united-states"] == ["united-states"], "a strike of the United States alone is outside the coalition"


def test_parents_do_not_go_round(tmp_path: Path) -> None:
    path = tmp_path / "actors.csv"
    path.write_text("actor,parent\na,b\nb,c\nc,a\nd,russia\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_actors(path)
    assert [(p.value, p.code) for p in caught.value.problems] == [(name, "actor-circle") for name in "abc"]
