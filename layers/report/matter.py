"""What a report is about: the incidents it counts, its language, and the rows behind each of its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from geo.relations import group_records, name_leads
from layers.areas import name_regions
from layers.layer import incident_month, layer_keys, split_key
from layers.page.ledger import ledger_actors
from layers.report.markup import bdi, el, phrase
from layers.style import NEUTRAL, actor_styles, layer_actors
from layers.windows import name_actors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geo.ledger import Ledger
    from layers.drawing.picture import Picture
    from layers.report.markup import Content
    from layers.words import Words

MOST_LISTED = 2000
"""Incidents that a report lists one by one. More belong in the overlay."""

MOST_NAMED = 12
"""Ids that a figure names in a report that does not list its incidents."""


class Part(NamedTuple):
    """A figure: what it is beside others of its row, which of the records are behind it, how many incidents it says."""

    told: Content
    rows: NDArray[np.bool_]
    incidents: int


class Entry(NamedTuple):
    """The records behind the figures of a row: their ids, by part."""

    told: Content
    parts: list[tuple[Content, list[str]]]


class Matter:
    """What a report is about.

    Parameters
    ----------
    picture
        The incidents that are counted, the regions and what must be said of them (see `layers.drawing.picture`).
    left_out
        Discounted records, which are counted nowhere.
    summary
        `layers.summary.summarize_incidents` of the incidents that are counted.
    actors, regions, ledger, coverage
        As for every product.
    """

    def __init__(
        self,
        picture: Picture,
        left_out: gpd.GeoDataFrame,
        summary: pd.DataFrame,
        *,
        actors: pd.DataFrame,
        regions: gpd.GeoDataFrame,
        ledger: Ledger,
        coverage: pd.DataFrame | None,
    ) -> None:
        self.picture, self.left_out, self.summary = picture, left_out, summary
        self.actors, self.ledger, self.coverage = actors, ledger, coverage
        self.total = picture.total
        """`layers.counts.SUMS` over everything that is counted."""
        shown = picture.shown
        groups = group_records(shown)
        self.leads: NDArray[np.int64] = np.arange(len(shown)) if groups is None else groups.lead
        """Position of the record that each one is counted with."""
        self.widens: NDArray[np.bool_] = np.ones(len(shown), dtype=bool) if groups is None else groups.widens
        """Whether its figures widen the range of that record."""
        keyed = name_regions(shown)
        self.own_keys = pd.DataFrame(
            {
                "layer": layer_keys(shown).array,
                "month": incident_month(shown).array,
                "country": key_places(keyed, 0).array,
                "region": key_places(keyed, 1).array,
            }
        )
        """Layer, month, country and region of each record."""
        self.keys = self.own_keys.take(self.leads)
        """The same of the record that each one is counted with."""
        named = {*layer_actors(picture.layers), *name_actors(left_out), *ledger_actors(ledger)}
        self.styles = actor_styles(actors, {*named, *map(str, actors.index)})
        """Look and names of each actor."""
        self._local: dict[str, object] = dict(zip(regions["pcode"], regions["name_local"], strict=True))
        countries = regions[regions["level"] == 0]
        self._countries: dict[str, str] = dict(zip(countries["name"], countries["pcode"], strict=True))
        self.behind: list[Entry] = []
        """The records behind the figures, as far as tables asked for them."""
        self._listed = {str(one) for one in shown["incident_id"]} if self.is_listed else set()

    @property
    def words(self) -> Words:
        """The language."""
        return self.picture.words

    @property
    def shown(self) -> gpd.GeoDataFrame:
        """The incidents that are counted."""
        return self.picture.shown

    @property
    def is_listed(self) -> bool:
        """Whether the report lists its incidents one by one."""
        return len(self.shown) <= MOST_LISTED

    def phrase(self, text: str) -> list[Content]:
        """Return words of `layers.words` as content."""
        return phrase(text, self.words)

    def name_region(self, code: object, name: str) -> list[Content]:
        """Return the name of a region in the language; of none the reason."""
        if not isinstance(code, str):
            return [self.words.name("noRegion", name)]
        local = self._local.get(code)
        return [bdi(local if self.words.is_rtl and isinstance(local, str) and local else name)]

    def name_country(self, name: str) -> list[Content]:
        """Return a country by its name in the data, in the language where the regions have it."""
        return self.name_region(self._countries.get(name, ""), name)

    def join(self, parts: Iterable[Content]) -> list[Content]:
        """Return content with the comma of the language between."""
        return separate(parts, "، " if self.words.is_rtl else ", ")

    def say(self, key: str, count: int | None = None, **slots: str) -> list[Content]:
        """Return words of the language as content."""
        return phrase(self.words.say(key, count, **slots), self.words)

    def name_actors(self, ids: str) -> list[Content]:
        """Return the names of actors whose ids are separated by ``|``."""
        styles = [self.styles.get(actor, NEUTRAL | {"label": actor}) for actor in ids.split("|") if actor]
        return self.join(bdi((self.words.is_rtl and style["label_ar"]) or style["label"]) for style in styles)

    def name_layer(self, key: str) -> list[Content]:
        """Return the words of a layer: its actors, and how they share the incident."""
        ids, how = split_key(key)
        layer = {"actors": ids, "attribution": how}
        return phrase(self.words.layer(layer, self.styles), self.words)

    def cite(self, ids: Sequence[str]) -> list[Content]:
        """Return ids of incidents as links to their entries; of a report without entries the first few, as text."""
        marks = [
            el("a", bdi(one), href=f"#{anchor(one)}", class_="id")
            if one in self._listed
            else el("span", bdi(one), class_="id")
            for one in (ids if self.is_listed else ids[:MOST_NAMED])
        ]
        rest = len(ids) - len(marks)
        more = [self.say("andMore", n=self.words.number(rest))] if rest else []
        return separate([*marks, *more], " ")

    def refer(self, told: Content, *parts: Part) -> str | None:
        """Remember the rows behind figures and return the address of their list; None where rows are not listed.

        Raises
        ------
        AssertionError
            When the rows are not as many incidents as a figure says.
        """
        for part in parts:
            counted = len(np.unique(self.leads[part.rows]))
            if counted != part.incidents:
                message = f"{part.incidents} incidents in a table of the report but {counted} behind it"
                raise AssertionError(message)
        if not self.is_listed or not any(part.incidents for part in parts):
            return None
        ids = self.shown["incident_id"].array
        entry = Entry(el("b", told), [(part.told, [str(one) for one in ids[part.rows]]) for part in parts])
        if entry not in self.behind:
            self.behind.append(entry)
        return f"#rows-{self.behind.index(entry) + 1}"

    def follow(self) -> dict[str, str]:
        """Return the record that each related record is counted with, by their ids."""
        found = name_leads(self.shown).dropna()
        ids = self.shown["incident_id"].reindex(found.index)
        return dict(zip(map(str, ids), map(str, found), strict=True))


def key_places(frame: pd.DataFrame, level: int) -> pd.Series:
    """Return code and name of the country (level 0) or governorate (1) of each row as one text."""
    return frame[f"adm{level}_pcode"].fillna("") + "\n" + frame[f"adm{level}_name"]


def anchor(incident: str) -> str:
    """Return the name that an incident's entry has in the page: letters and figures of its id, others as numbers."""
    return "i-" + "".join(c if c.isascii() and (c.isalnum() or c in "-_") else f".{ord(c):x}." for c in incident)


def separate(parts: Iterable[Content], between: str = ", ") -> list[Content]:
    """Return content with something between every two parts."""
    return [one for k, part in enumerate(parts) for one in ([between, part] if k else [part])]
