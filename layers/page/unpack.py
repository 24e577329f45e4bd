"""A map page read back as its script finds it: which incidents stand in which layer and month, with which counts.

The other half of `layers.page.pack` and `layers.page.columns`, for a build to prove what it has written.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from layers.counts import RANGES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

TEXTS = ("incident_id", "related", "grading")
"""Texts of an incident that decide with what it is counted."""


def read_page(path: Path) -> pd.DataFrame:
    """Return the incidents of a map page in its order.

    Returns
    -------
    pandas.DataFrame
        ``layer`` (its key) and ``month``, by the page's runs of rows; ``date_start``, `TEXTS` and `RANGES` (people, as
        Int64) as they are packed.
    """
    page = path.read_text(encoding="utf-8")
    content = {
        name: page.partition(f'id="incidents-{name}">')[2].partition("</script>")[0] for name in ("config", "data")
    }
    config, blob = json.loads(content["config"]), base64.b64decode(content["data"])
    columns = {entry["name"]: entry for entry in config["columns"]}
    layer, month, length = np.array(config["slices"], dtype=np.int64).reshape(-1, 3).T
    keys, months = (
        np.array(names, dtype=object) for names in ([one["key"] for one in config["layers"]], config["months"])
    )
    day = _unpack(columns["date_start"], blob, config["rows"])
    start = (day + config["days"][0] - 1).astype("datetime64[D]")
    found = {
        "layer": np.repeat(keys[layer], length),
        "month": np.repeat(months[month], length),
        "date_start": pd.Series(start).where(day > 0),
        **{name: _unpack_texts(columns[name], blob, config["rows"]) for name in TEXTS},
    }
    for name in RANGES:
        stored = _unpack(columns[name], blob, config["rows"])
        found[name] = pd.Series(stored - 1, dtype="Int64").mask(stored == 0)
    return pd.DataFrame(found)


def _unpack(entry: Mapping[str, Any], blob: bytes, rows: int) -> NDArray[np.int64]:
    """Return the numbers of a column, or the codes of its texts."""
    return unpack_ints(_inflate(entry, blob), rows, entry["width"], delta=entry["delta"])


def _unpack_texts(entry: Mapping[str, Any], blob: bytes, rows: int) -> pd.Series:
    data, entries, width = _inflate(entry, blob), entry["entries"], entry["lengths_width"]
    lengths_at = rows * entry["width"]
    ends = np.cumsum(np.r_[0, unpack_ints(data[lengths_at:], entries, width)])
    texts = pa.py_buffer(data[lengths_at + entries * width :])
    told = pa.LargeStringArray.from_buffers(entries, pa.py_buffer(ends), texts)
    codes = _unpack(entry, blob, rows)
    return pd.Series(told.take(pa.array(codes - 1, mask=codes == 0)).to_pandas(), dtype="str")


def _inflate(entry: Mapping[str, Any], blob: bytes) -> bytes:
    return zlib.decompress(blob[entry["from"] : entry["to"]])


def unpack_ints(data: bytes, count: int, width: int, *, delta: bool = False) -> NDArray[np.int64]:
    """Return what `layers.page.pack.pack_ints` packed at the beginning of some bytes."""
    planes = np.frombuffer(data, np.uint8, count * width).reshape(width, count).astype(np.int64)
    numbers = (planes << 8 * np.arange(width)[:, None]).sum(axis=0)
    return np.cumsum((numbers >> 1) ^ -(numbers & 1)) if delta else numbers
