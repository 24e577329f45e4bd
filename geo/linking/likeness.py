"""What two records have in common: names in any script, sources, and the words they are told with."""

from __future__ import annotations

import re
from collections import Counter
from math import exp, log
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from geo.names import fold_names, name_keys
from geo.spelling import fold_spelling

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

UNITS = ("admin1", "country", "adm0_name", "adm1_name")
"""Columns that name the country and the governorate, which any place of it may be told with."""
PLACE = ("place", "place_local")
TOLD = (*PLACE, "description", "sources")
"""Columns that name where it happened, and all in which another record's place may be named."""

_NO_NAMES = frozenset(
    re.findall(
        r"\w+",
        "the and near from between around along towards off area city town village camp neighbourhood neighborhood"
        " street road bridge junction countryside outskirts suburb north south east west northern southern eastern"
        " western central governorate district subdistrict province قرب بالقرب من في بين على ريف شرق غرب شمال جنوب",
    )
)
"""Words that many texts have in common without naming one place."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_URL = re.compile(r"https?://[^\s|]+")
_HOST = re.compile(r"https?://(?:www\.)?((?:[\w-]+\.)*?([\w-]+)\.(?:\w{2,3}\.)?\w{2,})(?=[/:|]|$)", re.IGNORECASE)
"""The host of a link, and in it the name of its publisher."""
_SOURCE = re.compile(r"[^,;:(\d]+")
"""The name of a source that is no link, before its title and day."""
_SKELETON_LEAST = 3
"""Consonants that a word has at least to be known by them alone, in another script."""
_BY_CONSONANTS = 0.7
"""Worth of a word that is the same by its consonants only, or nearly the same by its letters."""
_NEARLY = 88.0
"""Likeness from which two words are spellings of one (per cent of letters in common, in order)."""
_UNSEEN, _NAMES_OF_PLACES = 50, 5000
"""Records added to every list as if they had been seen, of so many different places: in a short list, too, a name that
only one record has is rare."""
_UNIT = 1.0
"""Most that the name of a country or governorate weighs, in nats."""
_ENOUGH = 5.0
"""Rareness (in nats) at which shared words weigh about two thirds of all they can."""


class Words:
    """The words of records, each under the keys by which it is known in any spelling.

    Parameters
    ----------
    records
        Incidents of any stage.

    ``sources`` are the links of each record, ``publishers`` the names in their hosts, ``hands`` the hosts and the names
    of sources that are no links, ``cited`` the words of these.
    """

    def __init__(self, records: pd.DataFrame) -> None:
        columns = {name: _texts(records, name) for name in TOLD}
        split = {text: _find_words(_URL.sub(" ", text)) for texts in columns.values() for text in set(texts)}
        vocabulary = sorted({word for words in split.values() for word in words})
        _, folds, skeletons = name_keys(vocabulary)
        keys = {
            word: (fold, f"~{bones}" if len(bones) >= _SKELETON_LEAST else fold)
            for word, fold, bones in zip(vocabulary, folds, skeletons, strict=True)
            if fold
        }
        pairs = {text: tuple(dict.fromkeys(keys[w] for w in words if w in keys)) for text, words in split.items()}
        flat = {text: frozenset(key for pair in found for key in pair) for text, found in pairs.items()}
        self.places = [pairs[place] + pairs[local] for place, local in zip(*(columns[n] for n in PLACE), strict=True)]
        self.wholes = [pairs[place] or pairs[local] for place, local in zip(*(columns[n] for n in PLACE), strict=True)]
        self.told = [
            frozenset[str]().union(*(flat[text] for text in texts)) for texts in zip(*columns.values(), strict=True)
        ]
        units = {word for name in UNITS for text in set(_texts(records, name)) for word in _find_words(text)}
        self.units = frozenset(fold for fold in fold_names(units) if fold)
        links = {text: frozenset(_URL.findall(text.replace("|", " "))) for text in set(columns["sources"])}
        self.sources = [links[text] for text in columns["sources"]]
        found = {text: [_HOST.match(url.lower()) for url in urls] for text, urls in links.items()}
        hosts = {text: [(host[1], host[2]) for host in hosts if host] for text, hosts in found.items()}
        self.publishers = [frozenset(name for _, name in hosts[text]) for text in columns["sources"]]
        names = {text: [_SOURCE.match(name) for name in _URL.sub(" ", text).split("|")] for text in links}
        hands = {
            text: frozenset(host for host, _ in hosts[text]) | {fold_spelling(name[0]) for name in names[text] if name}
            for text in links
        }
        self.hands = [hands[text] - {""} for text in columns["sources"]]
        cited = {text: frozenset(word.lower() for word in split[text]) for text in links}
        self.cited = [cited[text] for text in columns["sources"]]


def _texts(records: pd.DataFrame, name: str) -> list[str]:
    return records[name].fillna("").tolist() if name in records else [""] * len(records)


def _find_words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word.casefold() not in _NO_NAMES]


def weigh_words(*lists: Words, wholes: bool = False) -> dict[str, float]:
    """Return how rare each word of a place is among the records, in nats.

    The name of a country or governorate says little, for any place of it may be told with it; but as much as any other
    where it is the ``wholes`` of places that are compared, for a town may have the name of its governorate.
    """
    counts = Counter(fold for words in lists for place in words.places for fold, _ in place)
    total = sum(len(words.places) for words in lists)
    units = frozenset[str]() if wholes else frozenset[str]().union(*(words.units for words in lists))
    rare = {word: log((total + _UNSEEN) / (count - 1 + _UNSEEN / _NAMES_OF_PLACES)) for word, count in counts.items()}
    return {word: min(weight, _UNIT if word in units else log(_NAMES_OF_PLACES)) for word, weight in rare.items()}


def share_words(place: Sequence[tuple[str, str]], told: frozenset[str], weights: dict[str, float]) -> float:
    """Return from 0 to 1 how much of a place's words another record tells; rare words say more than usual ones."""
    whole = sum(weights[fold] for fold, _ in place)
    if not whole:
        return 0.0
    found = sum(weights[fold] * _find_word(fold, bones, told) for fold, bones in place)
    return found / whole * (1 - exp(-((found / _ENOUGH) ** 2)))


def _find_word(fold: str, bones: str, told: frozenset[str]) -> float:
    """Return 1 when a word is told, less when one that is nearly the same is, else 0."""
    if fold in told:
        return 1.0
    nearly = bones in told or process.extractOne(fold, told, scorer=fuzz.ratio, score_cutoff=_NEARLY)
    return _BY_CONSONANTS if nearly else 0.0
