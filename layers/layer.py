"""Layers: the incidents of one set of actors. They partition the incidents, so that their totals add up."""

from __future__ import annotations

import numpy as np
import pandas as pd

from geo.actors import UNKNOWN

LONGER = "longer"
"""Month of incidents that lasted longer than one: they stand apart, in no month's cell."""

_LABELS = {"contested": ("Contested: {}", " or "), "joint": ("{}, jointly", " and "), "shared": ("{}", " or ")}


def layer_keys(incidents: pd.DataFrame) -> pd.Series:
    """Return the key of the layer of each incident: its actors as a set, and for several their attribution."""
    pairs = pd.DataFrame({"actors": incidents["actors"].fillna(UNKNOWN), "attribution": incidents["attribution"]})
    unique = pairs.drop_duplicates()
    keys = [
        f"{actor_set}:{how if how in _LABELS else 'shared'}" if "|" in actor_set else actor_set
        for actor_set, how in zip(
            ("|".join(sorted(set(a.split("|")))) for a in unique["actors"]), unique["attribution"], strict=True
        )
    ]
    found = pairs.merge(unique.assign(key=keys), how="left", on=["actors", "attribution"])["key"]
    return pd.Series(found.array, index=incidents.index, name="layer", dtype="str")


def split_key(key: str) -> tuple[list[str], str]:
    """Return the actor ids and the attribution of a layer's key; ``sole`` for one actor."""
    if "|" not in key:
        return [key], "sole"
    ids, _, attribution = key.rpartition(":")
    return ids.split("|"), attribution


def layer_order(key: str) -> tuple[int, bool, str]:
    """Return by what layers are sorted: number of actors, the unknown actor last, then the key."""
    return key.count("|"), key == UNKNOWN, key


def label_layer(key: str, actors: pd.DataFrame) -> str:
    """Return what readers see of a layer, such as ``Contested: Russia or US-led coalition``."""
    ids, attribution = split_key(key)
    labels = actors["label"].dropna().to_dict()
    names = [str(labels.get(actor, actor)) for actor in ids]
    if len(names) == 1:
        return names[0]
    text, joiner = _LABELS[attribution]
    return text.format(joiner.join([", ".join(names[:-1]), names[-1]]))


def incident_month(incidents: pd.DataFrame) -> pd.Series:
    """Return the month each incident began in, as ``2017-03``; `LONGER` when it lasted longer or has no day."""
    start = incidents["date_start"]
    months, code = np.unique(start.to_numpy().astype("datetime64[M]"), return_inverse=True)
    names = pd.Series(np.datetime_as_string(months), dtype="str").take(code).set_axis(incidents.index)
    return names.where(start.notna() & (incidents["date_precision"] != LONGER), LONGER).rename("month")
