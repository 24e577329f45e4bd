"""Ranges made from claims: what each rule takes, and what holds whatever the claims are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.claims import CLAIM_FIELDS, MEASURES, SOURCE_KINDS, STANCES
from geo.errors import UsageError
from geo.ledger import keep_ledger
from geo.ranges import COUNT_OF, STATED, WIDEST, RangeRule, choose_claims, order_claims, parse_rule, span_claims
from geo.schema import COUNTS, DTYPES, GRADINGS, fields

if TYPE_CHECKING:
    from random import Random

    from geo.ledger import Ledger

FIRST = date(2017, 3, 1)
RULES = [
    *(RangeRule(name) for name in ("widest", "latest-per-source")),
    *(RangeRule("source-kind", kind) for kind in ("military", "media")),
    *(RangeRule("grading", grade) for grade in ("fair", "discounted")),
]


def make_claims(*rows: dict[str, Any]) -> pd.DataFrame:
    defaults = {"incident_id": "A", "source": "Army", "measure": "civilians", "stance": "alleged"}
    filled = [{"claim_id": f"c{k}", **defaults, **row} for k, row in enumerate(rows)]
    names = [f.name for f in CLAIM_FIELDS]
    frame = pd.DataFrame(filled, columns=names, index=pd.RangeIndex(2, len(rows) + 2, name="row"), dtype=object)
    return frame.astype({f.name: DTYPES[f.kind] for f in CLAIM_FIELDS})


def make_list(*ids: str, **stated: object) -> pd.DataFrame:
    names = {f.name: DTYPES[f.kind] for f in fields("stated")}
    rows = [{"incident_id": text, "description": "40 killed", "grading": "fair", **stated} for text in ids]
    return pd.DataFrame(rows, columns=list(names), index=pd.RangeIndex(2, len(ids) + 2, name="row")).astype(names)


def killed(claims: pd.DataFrame, rule: str = "widest") -> tuple[int | None, int | None]:
    derived, _ = keep_ledger(make_list("A", killed_min=7, killed_max=8), claims, rule=parse_rule(rule))
    low, high = derived[["killed_min", "killed_max"]].iloc[0]
    return (None if pd.isna(low) else int(low)), (None if pd.isna(high) else int(high))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(33, 33), (40, 420)], (33, 420)),
        ([(40, None)], (40, None)),
        ([(None, 30)], (None, 30)),
        ([(33, 33), (None, 30)], (None, 33)),
        ([(33, 33), (None, 33)], (33, 33)),
        ([(40, 420), (150, None)], (40, 420)),
        ([(40, 42), (150, None)], (40, None)),
        ([(150, None), (None, 30)], (None, None)),
        ([(0, 0), (7, 23)], (0, 23)),
        ([(None, None)], (None, None)),
    ],
)
def test_the_range_goes_from_the_lowest_to_the_highest_figure(
    rows: list[tuple[int | None, int | None]], expected: tuple[int | None, int | None]
) -> None:
    assert killed(make_claims(*({"min": low, "max": high} for low, high in rows))) == expected


@pytest.mark.parametrize("stance", ["denied", "non_credible"])
def test_a_denial_is_never_a_zero(stance: str) -> None:
    denial = {"stance": stance, "min": 0, "max": 0}
    assert killed(make_claims(denial, {"min": 4, "max": 5})) == (4, 5)
    assert killed(make_claims(denial)) == (None, None)
    assert killed(make_claims({"stance": stance}, {"min": 4, "max": 5})) == (4, 5)


def test_deaths_of_everybody_are_not_those_of_civilians() -> None:
    claims = make_claims({"measure": "all_deaths", "min": 51, "max": 51}, {"measure": "combatants", "min": 2})
    derived, _ = keep_ledger(make_list("A", killed_min=7, women_min=3), claims, rule=WIDEST)
    known = {
        name: int(value) for name, value in derived.iloc[0].items() if str(name).endswith("_min") and pd.notna(value)
    }
    assert known == {"combatants_min": 2}


def test_what_is_superseded_makes_no_range_and_stays() -> None:
    claims = make_claims({"min": 14, "max": 14}, {"min": 42, "max": 42, "supersedes": "c0"})
    _, ledger = keep_ledger(make_list("A"), claims, rule=WIDEST)
    assert ledger.claims is not None
    assert ledger.claims["superseded_by"].fillna("").tolist() == ["c1", ""]
    assert ledger.claims["in_range"].tolist() == [False, True]
    assert killed(claims) == (42, 42)


def test_a_figure_that_is_withdrawn_leaves_nothing() -> None:
    assert killed(make_claims({"min": 14, "max": 14}, {"supersedes": "c0"})) == (None, None)


def test_the_latest_of_each_source() -> None:
    claims = make_claims(
        {"published": "2017-03-01", "min": 1, "max": 1},
        {"published": "2017-03-05", "min": 5, "max": 6},
        {"published": "2017-03-05", "min": 7, "max": 7},
        {"source": "Press", "published": "2017-03-02", "min": 9, "max": 9},
        {"source": "Residents", "published": "2017-03-01", "min": 11, "max": 11},
        {"source": "Residents", "min": 12, "max": 12},
    )
    assert killed(claims.iloc[:4], "latest-per-source") == (5, 9)
    assert killed(claims, "latest-per-source") == (5, 12)  # the undated one may be the later
    assert killed(claims) == (1, 12)


def test_a_kind_of_source_and_a_grade() -> None:
    claims = make_claims(
        {"source_kind": "military", "min": 1, "max": 1, "grading": "weak"},
        {"source_kind": "recorder", "min": 5, "max": 9, "grading": "fair"},
        {"source_kind": "recorder", "min": 6, "max": 8, "grading": "confirmed"},
        {"min": 100, "max": 100},
    )
    assert killed(claims, "source-kind:military") == (1, 1)
    assert killed(claims, "source-kind:recorder") == (5, 9)
    assert killed(claims, "source-kind:un") == (None, None)
    assert killed(claims, "grading:confirmed") == (6, 8)
    assert killed(claims, "grading:fair") == (5, 9)
    assert killed(claims, "grading:weak") == (1, 9)


def test_an_incident_without_a_claim() -> None:
    claims = make_claims({"min": 1, "max": 2, "source_kind": "media"})
    listed = make_list("A", "B", killed_min=7, killed_max=8)
    for rule, expected, kept in (("widest", 7, 1), ("source-kind:media", None, 0), ("stated", 7, 0)):
        derived, ledger = keep_ledger(listed, claims, rule=parse_rule(rule))
        low = derived["killed_min"].iloc[1]
        assert (None if pd.isna(low) else low) == expected
        assert ledger.kept == kept


@pytest.mark.parametrize(
    "text", ["", "wide", "widest:1", "source-kind", "source-kind:army", "grading:", "grading:good", "stated:", "Widest"]
)
def test_rules_that_are_none(text: str) -> None:
    with pytest.raises(UsageError, match="--range-rule"):
        parse_rule(text)


@pytest.mark.parametrize("rule", [STATED, *RULES], ids=str)
def test_a_rule_is_written_as_it_is_read(rule: RangeRule) -> None:
    assert parse_rule(str(rule)) == rule
    assert rule.value in rule.label


def test_on_a_day_before_all_claims_nothing_is_known() -> None:
    claims = make_claims({"published": "2017-03-05", "min": 1}, {"min": 2})
    with pytest.raises(UsageError, match="2017-03-04: no claim about any incident was published by that day"):
        keep_ledger(make_list("A"), claims, as_of=date(2017, 3, 4))


def test_a_day_needs_claims_and_another_rule_than_the_stated() -> None:
    claims = make_claims({"published": "2017-03-05", "min": 1})
    for given_claims, rule, as_of in (
        (None, None, FIRST),
        (None, WIDEST, None),
        (claims, STATED, date(2017, 4, 1)),
    ):
        with pytest.raises(UsageError):
            keep_ledger(make_list("A"), given_claims, rule=rule, as_of=as_of)


def test_nothing_that_came_later_leaks_through() -> None:
    claims = make_claims(
        {"published": "2017-03-05", "min": 14, "max": 14, "url": "https://example.org/1"},
        {"published": "2017-03-09", "min": 40, "max": 40, "supersedes": "c0", "url": "https://example.org/2"},
        {"incident_id": "B", "min": 9},
        {"incident_id": "C", "published": "2017-03-08", "min": 9},
    )
    listed = make_list("A", "B", "C", "D", killed_min=40, killed_max=40, women_min=3, sources="https://example.org/2")
    shown, ledger = keep_ledger(listed, claims, as_of=date(2017, 3, 7))
    assert shown["incident_id"].tolist() == ["A"]
    assert (ledger.left_out, ledger.undated) == (3, 2)
    [row] = shown.to_dict("records")
    assert (row["killed_min"], row["killed_max"], row["sources"]) == (14, 14, "https://example.org/1")
    assert all(pd.isna(row[name]) for name in ("women_min", "description", "grading", "related", "event_type"))
    assert listed["killed_min"].tolist() == [40] * 4
    assert "40" not in " ".join(words for _, words in ledger.notes)


counts = st.none() | st.integers(0, 500)
days = st.none() | st.integers(0, 9).map(lambda n: pd.Timestamp(FIRST + timedelta(days=n)))


@st.composite
def ledgers(draw: st.DrawFn) -> pd.DataFrame:
    """Claims about two incidents; some supersede earlier ones of their incident."""
    rows: list[dict[str, Any]] = []
    for k in range(draw(st.integers(1, 9))):
        low, high = draw(counts), draw(counts)
        if low is not None and high is not None:
            low, high = min(low, high), max(low, high)
        incident = draw(st.sampled_from("AB"))
        older = [row["claim_id"] for row in rows if row["incident_id"] == incident]
        row = {
            "claim_id": f"c{k}",
            "incident_id": incident,
            "source": draw(st.sampled_from(["Army", "Press", "Residents"])),
            "source_kind": draw(st.none() | st.sampled_from(SOURCE_KINDS[3:7])),
            "published": draw(days),
            "measure": draw(st.sampled_from(MEASURES[:3])),
            "min": low,
            "max": high,
            "stance": draw(st.sampled_from(STANCES)),
            "grading": draw(st.none() | st.sampled_from(GRADINGS)),
            "supersedes": draw(st.none() | st.sampled_from(older)) if older else None,
        }
        rows.append(row)
    return make_claims(*rows)


def show(
    claims: pd.DataFrame, *, as_of: date | None, rule: RangeRule | None = None
) -> tuple[pd.DataFrame, Ledger] | None:
    """Return the incidents and the ledger as products get them; nothing where nothing was known."""
    try:
        return keep_ledger(make_list("A", "B", killed_min=1), claims, rule=rule, as_of=as_of)
    except UsageError:
        return None


@settings(deadline=None, max_examples=50)
@given(ledgers(), st.sampled_from(RULES))
def test_every_range_lies_within_the_widest(claims: pd.DataFrame, rule: RangeRule) -> None:
    (narrow, _), (wide, _) = (
        keep_ledger(make_list("A", "B"), claims, rule=rule),
        keep_ledger(make_list("A", "B"), claims, rule=WIDEST),
    )
    for count in COUNTS:
        for at in range(2):
            low, high = wide[f"{count}_min"].iloc[at], wide[f"{count}_max"].iloc[at]
            for end in ("min", "max"):
                value = narrow[f"{count}_{end}"].iloc[at]
                if pd.notna(value):
                    assert pd.isna(low) or low <= value
                    assert pd.isna(high) or value <= high


@settings(deadline=None, max_examples=50)
@given(ledgers(), st.sampled_from(RULES))
def test_a_range_holds_every_figure_it_is_made_of_and_no_other_end(claims: pd.DataFrame, rule: RangeRule) -> None:
    ordered = order_claims(claims)
    chosen = ordered[choose_claims(ordered, rule)]
    spans = span_claims(chosen)
    for incident, measure, *ends in spans.reset_index().itertuples(index=False):
        mine = chosen[(chosen["incident_id"] == incident) & (chosen["measure"] == measure)]
        figures = pd.concat([mine["min"], mine["max"]]).dropna().tolist()
        low, high = ends
        assert all((pd.isna(low) or low <= n) and (pd.isna(high) or n <= high) for n in figures)
        assert {n for n in (low, high) if pd.notna(n)} <= set(figures)
        assert pd.isna(low) or pd.isna(high) or low <= high
    assert set(spans.index.get_level_values("measure")) <= set(COUNT_OF)


@settings(deadline=None, max_examples=50)
@given(ledgers(), st.randoms(use_true_random=False), st.none() | st.integers(0, 9), st.sampled_from(RULES))
def test_the_order_of_claims_makes_no_difference(
    claims: pd.DataFrame, random: Random, day: int | None, rule: RangeRule
) -> None:
    as_of = None if day is None else FIRST + timedelta(days=day)
    order = list(range(len(claims)))
    random.shuffle(order)
    one, other = show(claims, rule=rule, as_of=as_of), show(claims.iloc[order], rule=rule, as_of=as_of)
    assert (one is None) == (other is None)
    if one and other:
        pd.testing.assert_frame_equal(one[0], other[0])
        assert one[1].claims is not None
        assert other[1].claims is not None
        pd.testing.assert_frame_equal(one[1].claims, other[1].claims)


@settings(deadline=None, max_examples=50)
@given(ledgers(), st.integers(0, 8))
def test_what_is_visible_grows_from_day_to_day(claims: pd.DataFrame, day: int) -> None:
    earlier, later = (show(claims, as_of=FIRST + timedelta(days=n)) for n in (day, day + 1))
    if earlier:
        assert later
        assert set(earlier[0]["incident_id"]) <= set(later[0]["incident_id"])
        assert earlier[1].claims is not None
        assert later[1].claims is not None
        assert set(earlier[1].claims["claim_id"]) <= set(later[1].claims["claim_id"])
        assert earlier[1].left_out >= later[1].left_out


@settings(deadline=None, max_examples=50)
@given(ledgers(), ledgers(), st.integers(0, 8), st.sampled_from(RULES))
def test_what_is_published_later_changes_no_earlier_day(
    claims: pd.DataFrame, more: pd.DataFrame, day: int, rule: RangeRule
) -> None:
    as_of = FIRST + timedelta(days=day)
    late = more[more["published"] > pd.Timestamp(as_of)].copy()
    late["claim_id"] = "late-" + late["claim_id"]
    late["supersedes"] = late["supersedes"].where(late["supersedes"].isin(claims["claim_id"]))
    before, after = show(claims, rule=rule, as_of=as_of), show(pd.concat([claims, late]), rule=rule, as_of=as_of)
    assert (before is None) == (after is None)
    if before and after:
        pd.testing.assert_frame_equal(before[0], after[0])
        assert before[1].claims is not None
        assert after[1].claims is not None
        pd.testing.assert_frame_equal(before[1].claims, after[1].claims)
