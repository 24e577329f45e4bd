"""Rows of a list that are no incidents: sums of other rows, and headings between them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.dates import parse_dates
from geo.errors import Problem
from geo.parse import CellError
from geo.readers.rows import find_filled
from geo.spelling import fold_spelling

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

    from geo.readers.rows import Rows

UNITS = ("place", "place_local", "admin1", "admin2", "country", "actors")
"""Columns in which a sum names what it is one of."""
ALONE = ("incident_id", "event_type", "description", "title")
"""Columns in which it stands alone."""

_SURE = (
    r"gesamtzahl|insgesamt|toplamı?|усього|всього|загалом|підсумок|загальна кількість|итого|всего"
    r"|общее (?:число|количество)|(?:ال)?[إا]جمالي|المجموع"
)
"""Words that nothing but a sum begins with, whatever follows."""
# "Soma", "Somme" and "Suma" are towns; no place of the built-in gazetteer is called by one of these.
_WORDS = r"(?:(?:sub|sous)[ -]?)?tota(?:ls?|ux|les?)|sum|(?:gesamt|zwischen)?summen?|gesamt|разом|مجموع|جمع"
"""Words that other things are called by too: what stands beside them must be what a sum is of."""
_MAY_BE_SUM = rf"(?i)(?:^|[^\p{{L}}\p{{N}}])(?:{_SURE}|{_WORDS})(?:$|[^\p{{L}}\p{{N}}])"
_SUM = re.compile(
    rf"[\W_]*(?P<before>(?:.*?[\W_])??)(?:(?P<sure>{_SURE})|{_WORDS})(?![^\W_])(?P<mark>[\W_]*)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_COUNTED = re.compile(
    r"kill\w*|deaths?|dead|fatalit\w+|casualt\w+|victims?|civilians?|incidents?|events?|people|persons?"
    r"|tuée?s?|morts?|mortes|mortos|décès|civils?|événements|toten?"
    r"|muert[eo]s?|incidentes|eventos|fallecid[oa]s|civiles|víctimas|vítimas|civis"
    r"|убит\w+|погиб\w+|жертв\w*|вбит\w+|загиб\w+|(?:ال)?(?:قتلى|ضحايا|وفيات|مدنيين|شهداء|حوادث)|کشته\w*|کشتگان"
)
"""What lists count: a sum of these is one, whatever follows."""
_BESIDE = """
of for in the all and or to from until date above below these sum row rows listed number no nr grand overall running
cumulative month week day year quarter monthly weekly daily yearly annual quarterly
de du des d les le la l en au pour et tous toutes mois semaine année mensuel annuel nombre général générale general
del los las el por para y todos todas mes semana año mensual anual número
e do da dos das mês ano mensal geral von für und der die alle monat genel ara aylık ve
за по у в і и та усі все місяць месяц في من و عدد العدد الكلي العام الفرعي شهر لشهر الشهر الشهري كل کل
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
janeiro fevereiro março maio junho julho setembro outubro novembro dezembro
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
"""
"""Words that say how and over what time it was summed up; English and Arabic months are read as dates."""
_LONGEST = 6
"""Words of the longest name that is looked for in a sum."""


def judge_sums(rows: Rows, regions: gpd.GeoDataFrame) -> list[Problem]:
    """Return an error for every row that is a sum of others, or nothing but a date: to count it would be wrong.

    A sum is a row that says "Total" or the like in the place of its name, alone, before a colon, or beside what it is
    the sum of: "Total North Darfur", "Iraq total" and "Total number of deaths" are some, "Total petrol station" none.

    Parameters
    ----------
    rows
        Rows of incidents under our own columns.
    regions
        A regions frame, whose units a sum may be one of.
    """
    said = [
        (int(rows.row[at]), name, text, found)
        for name, cells in rows.cells.items()
        if name.casefold() in (*UNITS, *ALONE)
        for at in np.flatnonzero(pc.match_substring_regex(cells, _MAY_BE_SUM).to_numpy(zero_copy_only=False))
        if (found := _SUM.fullmatch(text := cells[at].as_py()))
    ]
    units = _list_units(rows, regions) if said else set()
    wrong, todo = "is a sum of other rows, not an incident", "delete the row: its people would be counted twice"
    sums = {
        row: Problem(row, name, text, wrong, todo, "sum-row")
        for row, name, text, found in reversed(said)
        if not (found["before"] or found["rest"]) or (name in UNITS and _is_sum(found, units))
    }
    return [*sums.values(), *(p for p in _judge_headings(rows) if p.row not in sums)]


def _list_units(rows: Rows, regions: gpd.GeoDataFrame) -> set[str]:
    """Return all that a list may have a sum of: the units of the regions, and what its own rows name, folded."""
    known: Iterable[str] = (
        name
        for column in ("name", "name_local", "aliases")
        for text in regions[column].dropna()
        for name in text.split("|")
    )
    own = (text for name in UNITS if name in rows.cells for text in pc.unique(rows.cells[name]).to_pylist())
    return {fold for text in (*known, *own) if (fold := fold_spelling(text))}


def _is_sum(found: re.Match[str], units: set[str]) -> bool:
    """Return whether what stands beside the word for a sum is what a sum is of."""
    if not _says_what(found["before"], units):
        return False
    return bool(found["sure"]) or ":" in found["mark"] or _says_what(found["rest"], units, counted=_COUNTED)


def _says_what(text: str, units: set[str], *, counted: re.Pattern[str] | None = None) -> bool:
    """Return whether a text is made of units, times and words beside a sum, up to what is ``counted``."""
    words, at = re.findall(r"[^\W_]+", text.casefold()), 0
    while at < len(words):
        if counted and counted.fullmatch(words[at]):
            return True
        ends = range(min(at + _LONGEST, len(words)), at, -1)
        end = next((end for end in ends if _is_named(words[at:end], units)), None)
        if end is None:
            return False
        at = end
    return True


def _is_named(words: list[str], units: set[str]) -> bool:
    """Return whether words are a unit, a time, what is counted, or a word beside a sum."""
    if fold_spelling("".join(words)) in units:
        return True
    if len(words) == 1 and (words[0] in _BESIDE.split() or words[0].isdigit() or _COUNTED.fullmatch(words[0])):
        return True
    try:
        parse_dates(" ".join(words))
    except CellError as error:
        return error.code != "date-unreadable"
    return True


def _judge_headings(rows: Rows) -> list[Problem]:
    """Return an error for every row with nothing but a date and a country, in a list whose other rows have more."""
    others = [cells for name, cells in rows.cells.items() if name not in ("date", "country")]
    filled = find_filled(others, len(rows.row))
    if "date" not in rows.cells or filled.all() or not filled.any():
        return []
    dated = rows.cells["date"].filter(pa.array(~filled)).to_pylist()
    wrong, todo = "stands alone in its row: a heading, not an incident", "delete the row, or write what is known of it"
    return [
        Problem(int(row), "date", text, wrong, todo, "heading-row")
        for row, text in zip(rows.row[~filled], dated, strict=True)
        if text
    ]
