"""What a picture tells: the incidents that are shown, how they look, and what must be said about them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geo.coverage import COVERED
from layers.areas import are_told_of
from layers.counts import sum_ranges, total_ranges
from layers.drawing.marks import find_look
from layers.extent import boundary_sets, covered_units, leave_out, region_breaks
from layers.page.columns import UNPLACED, locate_marks, number_layers
from layers.page.outline import DEGREE
from layers.style import actor_styles, layer_actors
from layers.windows import cover_units, name_actors, span_months
from layers.words import isolate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from layers.drawing.marks import Look
    from layers.page.columns import Marks
    from layers.words import Words

SHADE = "killed_min"
"""What regions are shaded by, as in the page when it opens."""
SHADE_WORDS = {"incidents": "shadeIncidents", "killed_min": "shadeKilledMin", "killed_max": "shadeKilledMax"}
MOST_FINDINGS = 4
"""Findings that are told; a picture has little room for sentences."""
MOST_UNPLACED = 12
"""Incidents without a place that are listed; the others are counted."""
MOST_COUNTRIES = 4
"""Countries named beside a set of boundaries."""


@dataclass(frozen=True)
class Picture:
    """What a picture tells.

    Parameters
    ----------
    shown
        The incidents but for discounted ones, of which there are ``discounted``.
    words
        The language.
    marks, layer_ids
        How each of them is drawn, and the number of its layer.
    layers, names, looks
        The layers, what readers see of them, and their marks.
    units, sums
        The regions that the list covers, and `layers.counts.SUMS` of each.
    is_left_out
        Which of them have no records but discounted ones.
    is_gap
        Which of them have no record and were not wholly covered: no zero.
    has_coverage
        Whether it is stated where the sources looked.
    breaks
        Lowest value of each class of `SHADE`.
    basis
        What is said above everything about the ranges; empty when they are those of the list.
    found
        Areas that findings are about, in degrees.
    notes
        What must be said of places not found, counting and, last, sources: headings with their lines.
    """

    shown: gpd.GeoDataFrame
    discounted: int
    words: Words
    marks: Marks
    layer_ids: NDArray[Any]
    layers: Sequence[Mapping[str, Any]]
    names: Sequence[str]
    looks: Sequence[Look]
    units: gpd.GeoDataFrame
    sums: pd.DataFrame
    is_left_out: NDArray[np.bool_]
    is_gap: NDArray[np.bool_]
    has_coverage: bool
    breaks: Sequence[int]
    basis: str
    found: NDArray[Any]
    notes: Sequence[tuple[str, Sequence[str]]]

    @property
    def total(self) -> pd.Series:
        """`layers.counts.SUMS` over everything shown."""
        return total_ranges(self.shown)

    @property
    def layer_totals(self) -> list[int]:
        """Number of incidents of each layer, related records counted once."""
        sums = sum_ranges(self.shown.assign(number=self.layer_ids), ["number"]).set_index("number")["incidents"]
        return [int(n) for n in sums.reindex(range(len(self.layers)), fill_value=0)]

    @property
    def lost(self) -> int:
        """Number of records that have no mark."""
        return int((self.marks.kind == UNPLACED).sum())

    @property
    def precision_km(self) -> NDArray[Any]:
        """Radius of the circle within which each happened; NaN for none."""
        return np.asarray(self.shown["precision_km"].to_numpy(dtype=float, na_value=np.nan))

    @property
    def shades(self) -> list[tuple[str, str]]:
        """Words and tone of the classes of `SHADE`, then those of regions without a class.

        These are none reported, a toll unknown, those whose records are all left out where there are any, and what is
        hatched, not toned.
        """
        lows = [int(low) for low in self.breaks]
        classes = [self.words.span(low, above - 1) for low, above in itertools.pairwise(lows)]
        classes += [self.words.say("classAndMore", n=self.words.number(low)) for low in lows[-1:]]
        toned = [(told, tone_of(index, len(lows))) for index, told in enumerate(classes)]
        zero, gap = ("stateZero", "stateGap") if self.has_coverage else ("stateUnstated", "stateNotCovered")
        tones = {zero: "shade-0", "stateUnknown": "shade-unknown"}
        if self.is_left_out.any():
            tones["stateLeftOut"] = "shade-left-out"
        tones[gap] = ""
        return [*toned, *((self.words.say(key), tone) for key, tone in tones.items())]

    def latitude(self, row: int) -> float:
        """Return the latitude of one of them."""
        return float(self.marks.lat[row] / DEGREE)


def tell_picture(
    incidents: gpd.GeoDataFrame,
    regions: gpd.GeoDataFrame,
    *,
    actors: pd.DataFrame,
    words: Words,
    attribution: Sequence[str],
    ranges: Mapping[str, Any],
    coverage: pd.DataFrame | None,
    findings: pd.DataFrame | None = None,
) -> Picture:
    """Return what a picture of located incidents tells.

    ``attribution`` says whose data it holds, ``ranges`` where its ranges come from
    (`layers.page.ledger.describe_ranges`), ``coverage`` where its sources looked; every region of its countries counts
    as covered when that is None. ``findings`` are statements about an area without a number, which are told in words
    and outlined.
    """
    shown = leave_out(incidents)
    layer_ids, layers = number_layers(shown)
    styles = actor_styles(actors, layer_actors(layers))
    units = covered_units(incidents, regions)
    marks = locate_marks(shown)
    boundaries = [_tell_boundaries(found, words) for found in boundary_sets(incidents, regions, units)]
    lost = shown[marks.kind == UNPLACED]
    notes = [
        *([(words.say("unplacedRecords", len(lost)), [_list_unplaced(lost, words)])] if len(lost) else []),
        *([] if findings is None or findings.empty else [_tell_findings(findings, words)]),
        (
            words.say("about"),
            [words.say("rule1"), words.say("rule2"), words.ranges(ranges), words.say("rule3"), words.say("rule4")],
        ),
        (words.say("sources"), [*boundaries, *map(isolate, attribution)]),
    ]
    is_told_of = are_told_of(units, incidents)
    by_region = sum_ranges(shown, ["adm1_pcode"]).dropna(subset="adm1_pcode").set_index("adm1_pcode")
    return Picture(
        shown=shown,
        discounted=len(incidents) - len(shown),
        words=words,
        marks=marks,
        layer_ids=layer_ids,
        layers=layers,
        names=[words.layer(layer, styles) for layer in layers],
        looks=[find_look(layer, styles) for layer in layers],
        units=units,
        sums=by_region.reindex(units["pcode"]),
        is_left_out=is_told_of & ~are_told_of(units, shown),
        is_gap=~is_told_of & _find_gaps(shown, units, actors=actors, coverage=coverage),
        has_coverage=coverage is not None,
        breaks=region_breaks(incidents)[SHADE],
        basis=words.basis(ranges),
        found=np.array([]) if findings is None else findings.geometry.dropna().to_numpy(),
        notes=notes,
    )


def tone_of(index: int, count: int) -> str:
    """Return the tone of a class; few classes are spread over the whole scale of five."""
    return f"shade-{3 if count == 1 else 1 + round(index * 4 / (count - 1))}"


def grade_regions(picture: Picture) -> list[str]:
    """Return the tone of each region: of its class, of none reported, of a toll unknown, counted elsewhere or unplaced.

    Records that are all left out have a tone of their own; that of a gap is empty.
    """
    values = picture.sums[SHADE].to_numpy(dtype=float, na_value=np.nan)
    classes = np.searchsorted(picture.breaks, np.nan_to_num(values), side="right") - 1
    has_any = picture.sums["incidents"].to_numpy(dtype=float, na_value=0) > 0
    elsewhere = are_told_of(picture.units, picture.shown) & ~has_any
    unknown = (np.isnan(values) & has_any) | elsewhere
    tones = np.select([unknown, picture.is_left_out], ["shade-unknown", "shade-left-out"], "shade-0").tolist()
    for region, (class_, value) in enumerate(zip(classes.tolist(), values, strict=True)):
        if value > 0:
            tones[region] = tone_of(class_, len(picture.breaks))
    return ["" if is_gap else tone for tone, is_gap in zip(tones, picture.is_gap, strict=True)]


def _find_gaps(
    shown: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame,
    *,
    actors: pd.DataFrame,
    coverage: pd.DataFrame | None,
) -> NDArray[np.bool_]:
    """Return which units were not covered in all months for all actors of the incidents; none if nothing is stated."""
    if coverage is None or not len(units):
        return np.zeros(len(units), dtype=bool)
    months, named = span_months(shown), name_actors(shown)
    codes = cover_units(units, coverage, months=months, actors=actors, named=named)
    return np.asarray(codes != COVERED) if len(codes) else np.ones(len(units), dtype=bool)


def _list_unplaced(lost: gpd.GeoDataFrame, words: Words) -> str:
    """Return place, days and precision of incidents that have no mark."""
    listed = []
    columns = ["place", "place_local", "country", "date_start", "date_end", "precision"]
    for place, local, country, start, end, precision in lost[columns].head(MOST_UNPLACED).itertuples(index=False):
        texts = [text for text in ([local, place] if words.is_rtl else [place, local]) if isinstance(text, str)]
        name = next(iter([*texts, *([country] if isinstance(country, str) else [])]), None)
        what = words.name("precisions", precision)
        days = f", {words.days(start, max(start, end))}" if pd.notna(start) else ""
        listed.append(f"{isolate(name) if name else words.say('notStated')}{days} ({what})")
    if len(lost) > MOST_UNPLACED:
        listed.append(words.say("andMore", n=words.number(len(lost) - MOST_UNPLACED)))
    return "; ".join(listed) + "."


def _tell_findings(findings: pd.DataFrame, words: Words) -> tuple[str, list[str]]:
    """Return what sources state without a number, each with its area, its source and its day, under a head."""
    told = []
    columns = ["place", "place_local", "admin1", "country", "statement", "source", "published"]
    for place, local, admin1, country, statement, source, day in (
        findings[columns].head(MOST_FINDINGS).itertuples(index=False)
    ):
        texts = [local, place] if words.is_rtl else [place, local]
        area = next((text for text in (*texts, admin1, country) if isinstance(text, str)), None)
        where = isolate(area) if area else words.say("notStated")
        days = f", {words.days(day, day)}" if pd.notna(day) else ""
        told.append(f"{where}: {isolate(statement)} ({isolate(source)}{days})")
    if len(findings) > MOST_FINDINGS:
        told.append(words.say("andMore", n=words.number(len(findings) - MOST_FINDINGS)))
    return words.say("findings", len(findings)), [*told, words.say("findingsHint")]


def _tell_boundaries(found: Mapping[str, Any], words: Words) -> str:
    """Return whose boundaries the shaded regions are, when valid, and how many incidents are of another time."""
    since, until = found["valid_from"], found["valid_to"]
    names = [isolate((words.is_rtl and local) or name) for name, local in found["countries"]]
    key = "boundaries" + "From" * bool(since) + "To" * bool(until)
    countries = f" ({', '.join(names)})" if len(names) <= MOST_COUNTRIES else ""
    slots = {
        "source": isolate(found["source"]),
        "countries": countries,
        "from": words.iso_day(since),
        "to": words.iso_day(until),
    }
    told = words.say(key, None, **slots)
    return f"{told} {words.say('boundariesOthers', found['others'])}" if found["others"] else told
