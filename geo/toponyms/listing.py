"""The places of one gazetteer with the index of their names, in memory and as a file that opens in no time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geo.errors import FileError
from geo.files import atomic_path, require_file
from geo.name_rules import MODIFIERS, TYPE_WORDS
from geo.names import name_keys
from geo.toponyms.name_index import SORTS, Keys, NameIndex
from geo.toponyms.places import PLACE_COLUMNS, SPREAD_KM
from geo.toponyms.pool import distance_km
from geo.toponyms.postings import Groups

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KEYS = "spellings"
"""Column of an indexed file beside those of a places frame: for every name of the place its folded form, its skeleton
and its sort, with spaces between, as a list. The dictionary has the distinct ones in the index's order."""
RULES = b"rules"
"""Key of an indexed file's metadata: a digest of the rules by which its names are keyed."""
PROBES = (
    *("Ar-Raqqah", "Deir ez-Zor", "ash-Shaykh Khudayr", "Qal'at al-Madiq", "Jisr ash-Shughur Airport", "Tall"),
    *("Khan Sheikhoun", "Saint-Étienne", "Şırnak", "Kharkiv", "Ouagadougou", "São Paulo", "Chhattisgarh", "Al-12 Base"),
    *("الرَّقّة", "دير الزور", "خان شيخون", "القلعة", "قەڵادزێ", "Харків", "Владивосток", "北京", "١٢ آذار"),
)
"""Names that between them meet the rules of folding."""
REPEATED = ("country", "admin1", "feature", "precision", "source")
"""Columns of a places frame with few distinct values."""
LARGEST = 2**30
"""Bytes of the dictionary that a file may have: by far more than there are names."""


@dataclass(eq=False)
class Listing:
    """The places of one gazetteer.

    Parameters
    ----------
    places
        A places frame (see `geo.toponyms.places.PLACE_COLUMNS`).
    builtin
        Whether it is the embedded gazetteer, which further countries may extend.
    """

    places: pd.DataFrame
    builtin: bool = False
    _keys: pa.ListArray | None = field(default=None, repr=False)
    _parts: dict[frozenset[str], Listing] = field(default_factory=dict, repr=False)

    @cached_property
    def index(self) -> NameIndex:
        """Return the index of the names, made (or unpacked from a file) when it is first asked for."""
        if self._keys is None:
            return NameIndex.of_places(self.places)
        keys, self._keys = self._keys, None
        return _unpack(keys)

    @cached_property
    def countries(self) -> frozenset[str]:
        """Return the ISO 3166-1 codes of the countries that have a place here."""
        return frozenset(self.places["country"].unique()) - {""}

    def restrict(self, countries: Iterable[str]) -> Listing:
        """Return the listing of some countries; itself when it has no other, or is indexed already."""
        wanted = self.countries & set(countries)
        if wanted == self.countries or self._keys is not None or "index" in self.__dict__:
            return self
        if wanted not in self._parts:
            chosen = self.places["country"].isin([*wanted, ""])
            self._parts[wanted] = Listing(self.places[chosen].reset_index(drop=True))
        return self._parts[wanted]

    def find_conflicts(self) -> pd.DataFrame:
        """Return located incidents that others of their place name and governorate contradict, and by how much.

        Returns
        -------
        pandas.DataFrame
            Columns ``id name admin1 lat lon source km``, by name; ``km`` to the farthest place of that name.
        """
        places = self.places[self.places["located"]].reset_index(drop=True)
        key = pd.Series(Keys.of(list(places["name"])).folds) + "|" + places["admin1"].fillna("")
        alike = places[key.duplicated(keep=False)].assign(key=key)
        pairs = alike.reset_index().merge(alike, on="key", suffixes=("", "_other"))
        spots = [pairs[c].to_numpy(dtype=float) for c in ("lat", "lon", "lat_other", "lon_other")]
        km = pd.Series(distance_km(*spots)).groupby(pairs["index"]).max()
        apart = km[km > SPREAD_KM]
        found = places.loc[apart.index, ["id", "name", "admin1", "lat", "lon", "source"]].assign(km=apart.round(2))
        return found.sort_values(["name", "admin1", "id"], ignore_index=True)

    def write(self, path: Path) -> None:
        """Write places and index to one parquet file, which `read` opens without indexing anew."""
        keys, (spelling, owners) = self.index.keys, self.index.owners.expand(np.arange(len(self.index.keys)))
        words = pc.binary_join_element_wise(
            *(pa.array(part, pa.string()) for part in (keys.folds, keys.skeletons, np.array(SORTS)[self.index.sort])),
            " ",
        )
        order = np.argsort(owners, kind="stable")
        spelt = pa.DictionaryArray.from_arrays(pa.array(spelling[order], pa.int32()), words)
        counts = np.bincount(owners, minlength=len(self.places))
        lists = pa.ListArray.from_arrays(pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32()), spelt)
        table = pa.Table.from_pandas(self.places, preserve_index=False).append_column(KEYS, lists)
        with atomic_path(path) as target:
            pq.write_table(
                table.replace_schema_metadata({RULES: _digest_rules()}),
                target,
                compression="zstd",
                use_dictionary=[*REPEATED, f"{KEYS}.list.element"],
                dictionary_pagesize_limit=LARGEST,
            )

    @classmethod
    def read(cls, path: Path) -> Listing:
        """Open a file that `write` made.

        Raises
        ------
        FileError
            When it is no such file, or one made by a version that spells names by other rules.
        """
        require_file(path)
        try:
            file = pq.ParquetFile(path)
            table = file.read([*PLACE_COLUMNS, KEYS])
            places, lists = table.select(list(PLACE_COLUMNS)), table[KEYS].unify_dictionaries().combine_chunks()
        except (OSError, KeyError, pa.ArrowException) as error:
            message = f"{path}: not an indexed gazetteer — make one with `incidentmap gazetteer build`: {error}"
            raise FileError(message) from error
        if (file.schema_arrow.metadata or {}).get(RULES) != _digest_rules():
            message = f"{path}: indexed by another version — make it again: `incidentmap gazetteer build`"
            raise FileError(message)
        listing = cls(places.to_pandas().astype(PLACE_COLUMNS), _keys=lists)
        del table, places
        pa.default_memory_pool().release_unused()  # what unpacking took is more than what is kept
        return listing


@cache
def _digest_rules() -> bytes:
    """Return a digest of what the rules make of many names: an index made by others would miss names in silence."""
    words = " ".join([*TYPE_WORDS.values(), *MODIFIERS, *MODIFIERS.values()]).split()
    keys = name_keys([*PROBES, *words, *(f"{word} {probe}" for word in words for probe in PROBES[:3])])
    return hashlib.sha256("\n".join([*SORTS, *chain(*keys)]).encode()).hexdigest().encode()


def _unpack(lists: pa.ListArray) -> NameIndex:
    """Return the index that a file's column of keys holds."""
    spelt, owners = lists.flatten(), lists.value_parent_indices().to_numpy()
    words = pc.split_pattern(spelt.dictionary, " ").flatten()
    folds, skeletons, sorts = (words.take(np.arange(part, len(words), 3)) for part in range(3))
    return NameIndex(
        Keys(*(texts.to_numpy(zero_copy_only=False) for texts in (folds, skeletons))),
        Groups.of(spelt.indices.to_numpy(), owners, len(folds)),
        pc.index_in(sorts, pa.array(SORTS)).to_numpy().astype(np.int64),
    )


def join_listings(listings: Iterable[Listing]) -> Listing:
    """Return one listing of all places, those of the first first."""
    parts = list(listings)
    if len(parts) == 1:
        return parts[0]
    return Listing(
        pd.concat([part.places for part in parts], ignore_index=True), builtin=any(part.builtin for part in parts)
    )
