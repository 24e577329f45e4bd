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
"""Words that no place is called by, though some of them say "only" or "in all" of other things too."""
# "Soma", "Somme" and "Suma" are towns; no place of the built-in gazetteer is called by one of these.
_WORDS = r"(?:(?:sub|sous)[ -]?)?tota(?:ls?|ux|les?)|sum|(?:gesamt|zwischen)?summen?|gesamt|разом|مجموع|جمع"
_MAY_BE_SUM = rf"(?i)(?:^|[^\p{{L}}\p{{N}}])(?:{_SURE}|{_WORDS})(?:$|[^\p{{L}}\p{{N}}])"
_SUM = re.compile(
    rf"[\W_]*(?P<before>(?:.*?[\W_])??)(?:(?P<sure>{_SURE})|{_WORDS})(?![^\W_])(?P<mark>[\W_]*)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_COUNTED = re.compile(
    r"kill\w*|deaths?|dead|fatalit\w+|casualt\w+|victims?|civilians?|incidents?|events?|people|persons?"
    r"|tuée?s?|morts?|mortes|mortos|décès|civils?|événements|toten?"
    r"|muert[eo]s?|incidentes|eventos|fallecid[oa]s|civiles|víctimas|vítimas|civis"
    r"|getötete[rn]?|opfern?|ölüm?"
    r"|убит\w+|погиб\w+|жертв\w*|вбит\w+|заги[бн]\w+"
    r"|(?:لل|ال)?(?:قتلى|ضحايا|وفيات|مدنيين|شهداء|حوادث)|کشته\w*|کشتگان"
)
"""What lists count."""
_BESIDE = """
of for in the all and or to from until date above below these sum row rows listed number no nr grand overall running
cumulative month week day year quarter monthly weekly daily yearly annual quarterly
de du des d les le la l en au pour et tous toutes mois semaine année mensuel annuel nombre général générale general
del los las el por para y todos todas mes semana año mensual anual número
e do da dos das mês ano mensal geral von für und der die alle monat genel ara aylık ve sayısı
за по у в і и та усі все місяць месяц في من و عدد العدد الكلي العام الفرعي شهر لشهر الشهر الشهري كل کل
governorate governorates province provinces region country محافظة число количество кількість
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
janeiro fevereiro março maio junho julho setembro outubro novembro dezembro
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
januar februar märz juni juli oktober dezember jahr год года рік року
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень
"""
"""Words that say how and over what time it was summed up; English and Arabic months are read as dates."""
_LOOSE = re.compile(r"[,،]|(?<!\w)(?:in|at|en|em|à|au|за|по|у|в|في)(?!\w)", re.IGNORECASE)
"""What stands beside a sum of a country, and in a place's name too: "Gao, Total", "всего в Алеппо" (only there)."""
_SHORTEST = 4
"""Letters of the shortest name of a unit in Latin letters; what is shorter is a code."""
_LONGEST = 6
"""Words of the longest name that is looked for in a sum."""


def judge_sums(rows: Rows, regions: gpd.GeoDataFrame) -> list[Problem]:
    """Return a problem for every row that is a sum of others, or nothing but a date: to count it would be wrong.

    A sum is a row that says "Total" or the like in the place of its name, alone, or with no other words than names of
    units, times and what is counted: "Total North Darfur", "Iraq total" and "Total number of deaths" are errors.
    What may be one is a finding ("Gao, Total", "Total: bridges", "Total 19"), "Total petrol station" is nothing.

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
    units, countries = _list_units(rows, regions) if said else (set(), set())
    sums: dict[int, Problem] = {}
    for row, name, text, found in said:
        if not (found["before"] or found["rest"]) or (name in UNITS and _is_sum(found, units, countries)):
            wrong, todo = "is a sum of other rows, not an incident", "delete the row: its people would be counted twice"
            sums[row] = Problem(row, name, text, wrong, todo, "sum-row")
        elif row not in sums and name in UNITS and _is_doubtful(found, units):
            wrong, todo = "may be a sum of other rows", "if it is one, delete the row; if it is an incident, do nothing"
            sums[row] = Problem(row, name, text, wrong, todo, "sum-doubtful", "finding")
    return [*sums.values(), *(p for p in _judge_headings(rows) if p.row not in sums)]


def _list_units(rows: Rows, regions: gpd.GeoDataFrame) -> tuple[set[str], set[str]]:
    """Return all that a list may have a sum of, and which of it are countries: units, and what its rows name."""

    def list_names(regions: gpd.GeoDataFrame, columns: Iterable[str]) -> set[str]:
        known = (
            name
            for column in ("name", "name_local", "aliases")
            for text in regions[column].dropna()
            for name in text.split("|")
        )
        own = (text for name in columns if name in rows.cells for text in pc.unique(rows.cells[name]).to_pylist())
        folds = {fold_spelling(text) for text in known}
        codes = {fold for fold in folds if fold.isascii() and len(fold) < _SHORTEST}  # "Jam" is Jamaica, "Al" Alabama
        return (folds - codes) | {fold_spelling(text) for text in own if text}

    return list_names(regions, UNITS), list_names(regions[regions["level"] == 0], ["country"])


def _is_sum(found: re.Match[str], units: set[str], countries: set[str]) -> bool:
    """Return whether all that stands beside the word for a sum is what a sum is of."""
    counted = any(_COUNTED.fullmatch(word) for word in _split_words(found[0]))
    names = countries if _LOOSE.search(found[0]) and not counted else units
    return _says_what(found["before"], names) and _says_what(found["rest"], names)


def _is_doubtful(found: re.Match[str], units: set[str]) -> bool:
    """Return whether a text may be a sum: one of a place, beside other words, or with its number."""
    if not _says_what(found["before"], units):
        return False
    counted = any(_COUNTED.fullmatch(word) for word in _split_words(found["rest"]))
    sure = found["sure"] or ":" in found["mark"] or counted
    return bool(sure) or _says_what(re.sub(r"(?<!\w)\d+(?!\w)", " ", found["rest"]), units)


def _says_what(text: str, names: set[str]) -> bool:
    """Return whether every word of a text is of a name, a time, what is counted, or a word beside a sum."""
    words, at = _split_words(text), 0
    while at < len(words):
        ends = range(min(at + _LONGEST, len(words)), at, -1)
        end = next((end for end in ends if _is_named(words[at:end], names)), None)
        if end is None:
            return False
        at = end
    return True


def _is_named(words: list[str], names: set[str]) -> bool:
    """Return whether words are a name, a time, what is counted, or a word beside a sum."""
    if fold_spelling("".join(words)) in names:
        return True
    if len(words) == 1 and (words[0] in _BESIDE.split() or _COUNTED.fullmatch(words[0])):
        return True
    try:
        parse_dates(" ".join(words))
    except CellError as error:
        return error.code != "date-unreadable"
    return True


def _split_words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


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
