"""What evidence weighs when a candidate is chosen, all numbers in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import get_args

from geo.toponyms.place_text import Joined, Kind, Relation

KINDS: tuple[Kind, ...] = get_args(Kind)
RELATIONS: tuple[Relation, ...] = get_args(Relation)
JOINED: tuple[Joined, ...] = get_args(Joined)
WHOLE = len(JOINED)
"""Code, after those of `JOINED`, of all the words in which names are joined."""


@dataclass(frozen=True)
class Weights:
    """What evidence weighs, mostly as probabilities. Chosen on development data with ``bench/geocode.py``."""

    unlisted: dict[Kind, float] = field(
        default_factory=lambda: {
            "settlement": 0.12,
            "": 0.15,
            "part": 0.6,
            "urban": 1.0,
            "site": 0.9,
            "area": 0.3,
            "unit": 0.3,
            "city": 0.3,
        }
    )
    """Weight of the possibility that a place of that kind is in no gazetteer, beside 1 for a perfect candidate."""
    homonym: float = 0.02
    """Growth of that weight for each listed place of exactly that name: names that repeat repeat unlisted too."""
    brevity: float = 1.4
    """Growth of that weight for each consonant fewer than three, shrinking for each more: short names repeat."""
    silent: dict[Kind, float] = field(
        default_factory=lambda: {
            "settlement": 0.04,
            "": 0.08,
            "part": 0.3,
            "urban": 0.4,
            "site": 0.1,
            "area": 0.1,
            "unit": 0.1,
            "city": 0.1,
        }
    )
    """Likelihood that a text about a candidate names it in a way that no spelling of it resembles."""
    translated: float = 0.13
    """The same, at least, of a text beside one in the local script that names the candidate."""
    heard: float = -0.5
    """Log-odds of a spelling from which the local text names the candidate."""
    second: float = 0.33
    """Share of the poorer of two matching texts: the spellings in two scripts are hardly independent."""
    inexact: float = 1.1
    """Log-odds lost by other spellings when some candidate is spelt exactly so."""
    elsewhere: float = 0.0015
    """Likelihood that the stated unit is altogether wrong."""
    unit_km: float = 15.0
    """Distance outside the stated unit that takes e from the odds: borders are known roughly."""
    outside: float = 0.35
    """Log-odds lost by a place that lies outside the stated unit, however near."""
    apart: float = 0.02
    """Likelihood that a part lies far from the whole that the text names."""
    whole_km: float = 20.0
    """Distance from a named whole within which a part may lie as well as at its centre."""
    apart_km: float = 10.0
    """Distance beyond that which takes e from the odds."""
    line: float = 0.6
    """Trust in one end of a line as evidence for the other, beside 1 in a whole for its part."""
    off: float = 0.3
    """The same in what the spot lies north of, and may be far from."""
    unit: float = -4.5
    """Log-odds of an administrative unit where a settlement may be meant."""
    unit_alone: float = 0.0
    """The same where the name is exactly its own, and no settlement's is near it."""
    unit_apart: float = 0.7
    """The same for a governorate whose namesakes among the settlements lie in others."""
    unit_rival: float = -1.5
    """Log-odds of a spelling from which a settlement's name is near."""
    unit_asked: float = 4.4
    """The same where the text speaks of an area, or names a whole."""
    unit_alike: float = 1.0
    """The same where the text speaks of an area, or a column states a unit, and the name is only like it."""
    unit_levels: tuple[float, ...] = (0.0, 0.0, -1.0, -1.5)
    """The same by level: the larger one bears the name first."""
    city_for_area: float = -3.0
    """Log-odds of a city that is a unit of its own where the text speaks of an area ("Kyiv Oblast").

    They are gained where a column of units speaks of a city ("Kyiv City").
    """
    settlement_for_area: float = -1.0
    """Log-odds of a settlement where the text speaks of an area."""
    settlement_for_unit: float = -4.0
    """Log-odds of a settlement in a column that states a unit."""
    part: float = 1.5
    """Log-odds of a part of a town where the text speaks of one."""
    village_whole: float = -2.0
    """Log-odds of a village where the text names what a part of a town lies in, and a town is called so."""
    unlike_facility: float = -6.0
    """Log-odds of a small place, or of another name than its own, that a facility would name ("Rashid school")."""
    facility_least: float = 0.69
    """Log-odds by its people or rank from which a facility names its town: a seat, or some 8,000 people."""
    part_unasked: float = -0.25
    """Log-odds of a part of a town where the text names neither a part nor the town."""
    site: float = 3.0
    """Log-odds of a place that is no settlement where the text speaks of such a site."""
    inner_km: float = 10.0
    """Like ``whole_km``, for a part of a town."""
    inner_apart: float = 0.002
    """Like ``apart``, for a part of a town."""
    fragment: float = 0.2
    """Log-odds lost by a name that is a fragment of the text."""
    one_spot_km: float = 7.0
    """Candidates nearer than this are one spot."""
    same_match: float = 1.0
    """Candidates of the chosen spot that score within this are as good: the first gazetteer's is taken."""
    vicinity: float = 0.5
    """Weight of the log-odds by where the list's other places lie."""
    context: float = 0.3
    """Confidence from which a recognised whole is evidence for its parts."""


WEIGHTS = Weights()
