"""The rules that a list, its claims and its totals are checked by: the one table of their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from geo.errors import Severity


class Rule(NamedTuple):
    """One rule: its stable id, how grave it is (see `geo.errors.Problem`), and what it finds."""

    code: str
    severity: Severity
    finds: str


ARITHMETIC = (
    Rule("min-above-max", "error", "a minimum above its maximum"),
    Rule("parts-above-whole", "finding", "parts that at least are more than the whole at most"),
    Rule("parts-above-minimum", "finding", "parts that at least are more than the whole at least"),
    Rule("part-above-whole", "finding", "one part that at most is more than the whole at most"),
    Rule("conceded-above-claimed", "finding", "a party concedes more than the incident, or anybody else, has at most"),
    Rule("zero-contradicted", "finding", "a stated 0 where others count people"),
    Rule("zero-beside-unknown", "finding", "a stated 0 where all others know no number"),
    Rule("attackers-in-total", "finding", "civilians killed whose number is that of all deaths, attackers included"),
    Rule("sum-off", "finding", "a total that the sum of its `formula` does not give"),
    Rule("percent-off", "finding", "a percentage that its `formula` does not give at the decimals it is written with"),
    Rule("percent-range", "finding", "a percentage above 100"),
    Rule("formula", "finding", "a `formula` that names no total of the file, or is neither a sum nor a division"),
)
"""Rules of arithmetic on incidents, claims and totals; the first four hold within one row of incidents too."""

RULES = (
    *ARITHMETIC,
    Rule("duplicate-id", "error", "an id used twice, also when only case, spaces or invisible marks differ"),
    Rule("no-id", "error", "an incident without an id where others have one"),
    Rule("identical-rows", "finding", "a row that equals another one in every column"),
    Rule("related-unread", "finding", "a text in `related` that is no relation to another record"),
    Rule("related-absent", "finding", "a relation to a record that is not in the list"),
    Rule("related-circle", "error", "relations by which a record would be counted in itself"),
    Rule("part-larger", "finding", "a record with more people than the one that it is part of"),
    Rule("shifted-columns", "error", "a publisher's table whose values stand under the wrong columns"),
    Rule("attribution-actors", "error", "an attribution that contradicts the number of actors"),
    Rule("actor-near-miss", "error", "an actor that is nearly a known one"),
    Rule("actor-doubtful", "error", "an actor with a word of doubt or denial"),
    Rule("actors-joined", "error", "several actors not separated by |"),
    Rule("actor-spellings", "error", "a new actor spelt in several ways"),
    Rule("actor-short", "finding", "a new actor that may be short for another one"),
    Rule("new-actor", "note", "an actor on no list"),
    Rule("count-negative", "error", "a number of people below zero"),
    Rule("count-fraction", "error", "a fraction of a person"),
    Rule("count-exponent", "error", "a number with an exponent"),
    Rule("count-range", "error", "a range in a column for one number"),
    Rule("count-too-large", "error", "more people than an incident can have"),
    Rule("count-unclear", "error", "a count that may mean two things"),
    Rule("count-lines", "error", "a count on several lines"),
    Rule("count-others", "error", "a zero of others than the column counts"),
    Rule("count-unreadable", "error", "a count that is no number"),
    Rule("several-values", "error", "a list or the like in one cell of a frame"),
    Rule("count-twice", "error", "a range column beside a minimum and a maximum"),
    Rule("minimum-assumed", "finding", "'up to', read as from 0"),
    Rule("sum-row", "error", "a row that is a sum of others"),
    Rule("sum-doubtful", "finding", "a row that may be a sum of others"),
    Rule("heading-row", "error", "a row with nothing but a date"),
    Rule("no-date", "error", "a row without a date"),
    Rule("date-order", "error", "a day that may be day or month first"),
    Rule("date-orders", "error", "days that another order proves than the one that was said"),
    Rule("date-unreadable", "error", "what is no date"),
    Rule("date-impossible", "error", "a day that no calendar has"),
    Rule("date-backwards", "error", "a range that ends before it begins"),
    Rule("date-future", "error", "a day that has not come"),
    Rule("date-year", "error", "a year too early"),
    Rule("date-no-year", "error", "a day without a year"),
    Rule("date-no-month", "error", "a year without a month"),
    Rule("date-short-year", "error", "a year of two digits"),
    Rule("date-hijri", "error", "a date of the Islamic calendar"),
    Rule("date-serial", "error", "a spreadsheet's day number"),
    Rule("date-epoch", "finding", "1970-01-01, the zero of computer clocks"),
    Rule("date-months", "finding", "a range over a month end"),
    Rule("date-longer", "finding", "a range of a month or longer"),
    Rule("null-island", "error", "a coordinate of 0"),
    Rule("swapped-coordinates", "error", "latitude and longitude exchanged"),
    Rule("outside-country", "error", "coordinates outside the stated country by more than the tolerance"),
    Rule("listed-outside", "finding", "coordinates that a gazetteer gave, more than 25 km outside the stated country"),
    Rule("place-changed", "finding", "a place that is not the text whose point or area the row has"),
    Rule("no-country", "finding", "coordinates in no country, of a row that states none"),
    Rule("across-border", "finding", "coordinates outside the stated country within the tolerance"),
    Rule("outside-admin1", "finding", "coordinates outside the stated governorate by more than the tolerance"),
    Rule("country-misspelt", "error", "a country that is nearly one of the regions"),
    Rule("country-unknown", "finding", "a country that is not among the regions"),
    Rule("country-blank", "finding", "rows without a country in a list that names it in others"),
    Rule("admin1-unknown", "finding", "a governorate that is not among the regions"),
    Rule("coordinate-half", "error", "a latitude or longitude alone"),
    Rule("coordinate-range", "error", "degrees that no place has"),
    Rule("coordinate-axis", "error", "a hemisphere of the other axis"),
    Rule("coordinate-unreadable", "error", "coordinates that cannot be read"),
    Rule("decimal-comma", "error", "degrees with a comma"),
    Rule("mgrs-unreadable", "error", "an MGRS reference that cannot be read"),
    Rule("mgrs-disagrees", "error", "an MGRS reference away from the coordinates of its row"),
    Rule("anachronism", "finding", "boundaries that were not in force at the time"),
    Rule("overlapping-regions", "finding", "a point within several units whose outlines overlap"),
    Rule("decision-region", "error", "an area that a person decided and that is no region here"),
    Rule("decision-overrules", "finding", "a decision that puts an incident elsewhere than the list states"),
    Rule("decision-outdated", "finding", "a decision about a place that is stated otherwise now"),
    Rule("source-no-link", "finding", "a source that looks like a link and is none"),
    Rule("source-joined", "finding", "several links not separated by |"),
    Rule("source-secret", "error", "a link that carries a password or key; a finding where it only may"),
    Rule("contact", "finding", "an e-mail address, telephone number or handle in a description"),
    Rule("choice", "error", "a word that the column does not know"),
    Rule("number", "error", "a number that cannot be read"),
    Rule("hostile-character", "error", "control characters, and in names those that turn the text round"),
    Rule("missing-column", "error", "a column that must be there"),
    Rule("misspelt-column", "error", "a column that is nearly a known one"),
    Rule(
        "unknown-column",
        "note",
        "a column of no meaning here; a finding where it may hold the killed or the coordinates",
    ),
    Rule("killed-twice", "error", "a column of civilians beside `killed`, which then may count others too"),
    Rule("no-toll", "finding", "a list without a column of killed"),
    Rule("withheld", "error", "a row that says it is not to be published"),
    Rule("duplicate-column", "error", "a column that is there twice"),
    Rule("no-name", "error", "a column without a name"),
    Rule("too-many-columns", "error", "more columns than the limit"),
    Rule("header", "error", "a header that is too long"),
    Rule("delimiter", "error", "cells separated by something else"),
    Rule("cell-count", "error", "a row with more or fewer cells than the header"),
    Rule("cell-too-long", "error", "a cell longer than the limit"),
    Rule("incomplete-row", "error", "a last row that is cut off"),
    Rule("cut-end", "note", "a last cell without a line end behind it, which may be cut off"),
    Rule("title-row", "error", "a title above the header"),
    Rule("open-quote", "error", "a quoted cell that is never closed"),
    Rule("stray-quote", "error", "a quote in the middle of a cell"),
    Rule("no-rows", "error", "a file without rows"),
    Rule("blank-rows", "note", "rows without any cell"),
    Rule("not-text", "error", "a file that is no text"),
    Rule("file-too-large", "error", "a file larger than the limit"),
    Rule("encoding", "error", "text in another encoding than said"),
    Rule("bom", "note", "two byte order marks"),
)
"""Every rule of `incidentmap check`."""


def format_rules(rules: tuple[Rule, ...] = RULES) -> str:
    """Return rules as a table in Markdown: id, severity, what is found."""
    rows = [("rule", "severity", "what it finds"), ("---",) * 3, *((f"`{r.code}`", r.severity, r.finds) for r in rules)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
