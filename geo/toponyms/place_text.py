"""The structure of a place text: what it names, from the spot itself to the whole it lies in.

"Al-Fatih, Jableh District" is a part in a part; "Sukkari neighbourhood, Aleppo" a part whose name nobody lists in a
whole that everybody knows; "2nm N of Y" a distance and a bearing from an anchor; "between X and Y" a line. A text is
taken apart by its words alone: which of the names exist, and where, is `geo.geocode`'s business.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Literal, NamedTuple

from geo.name_rules import TYPE_WORDS
from geo.toponyms import wordings
from geo.toponyms.name_index import LONGEST
from geo.toponyms.wordings import english

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Kind = Literal["", "settlement", "part", "area", "urban", "site", "unit", "city"]
Relation = Literal["at", "near", "around", "off"]
Joined = Literal["", "and", "or"]

KM_PER_UNIT = {"km": 1.0, "nm": 1.852, "mi": 1.609344, "m": 0.001, "": 1.4}
"""Length of each unit; a number without one may be km or nautical miles, so it is taken between the two."""

UNIT_PATTERNS = {
    "nm": r"n\.? ?m\.?i?|nautical miles?|ميل بحري",
    "km": r"kms?|k|kilomet(?:er|re)s?|كم|كلم|كيلو(?:متر)?ا?",
    "mi": r"mi|miles?|ميل|[أا]ميال",
    "m": r"m|met(?:er|re)s?|مترا?|[أا]متار",
}
COMPASS_PATTERNS = {
    "N": r"north(?:ern|ward)?|(?:ال)?شمالي?",
    "S": r"south(?:ern|ward)?|(?:ال)?جنوبي?",
    "E": r"east(?:ern|ward)?|(?:ال)?شرقي?",
    "W": r"west(?:ern|ward)?|(?:ال)?غربي?",
}
COMPASS_POINTS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")

_COMPASS_WORDS = {"N": "north", "S": "south", "E": "east", "W": "west"}

BEARING_SPREAD = {1: 0.25, 2: 0.25, 3: 0.15}
"""Uncertainty of a stated distance and compass point of so many letters, as a share of the distance: half an 8th of the
circle is 0.4 of the distance to the side at most, half a 16th (NNW) 0.2, and distances are rounded."""

KIND_WORDS: dict[Kind, str] = {
    "settlement": TYPE_WORDS["settlement"]
    + " villages towns cities suburbs ضاحية قرية قريه بلدة بلده مدينة مدينه مخيم قرى بلدات"
    + " село селище смт пгт місто город деревня хутір",
    "part": TYPE_WORDS["part"] + " neighbourhoods neighborhoods quarters حي حارة أحياء",
    "area": TYPE_WORDS["area"] + " districts townships governorates provinces areas sector basin plain valley desert"
    " ناحية منطقة محافظة قضاء سهل بادية حوض область район громада",
    "urban": "hospital clinic mosque church school university college street avenue roundabout square market souq souk"
    " stadium building house home garage park garden bank museum hotel bakery station prison court cemetery"
    " headquarters hypermarket supermarket mall theatre theater cinema restaurant cafe library office offices hall"
    " seaport harbour harbor ميناء مرفأ"
    " مشفى مستشفى مستوصف جامع مسجد كنيسة مدرسة جامعة شارع دوار ساحة سوق ملعب مبنى منزل حديقة فرن سجن مقبرة مركز",
    "site": "airport airbase airfield airstrip aerodrome ab base checkpoint crossing crossings bridge dam field fields"
    " oilfield refinery farm farms factory plant mill silos mountain hill river lake island junction crossroad"
    " crossroads intersection road highway"
    " border outpost barracks brigade regiment division"
    " مطار قاعدة حاجز معبر جسر سد حقل مصفاة مزرعة مزارع معمل مصنع صوامع نهر بحيرة جزيرة مفرق طريق حدود لواء فوج",
}
"""Words that say what a name names: a settlement, within one (``part``, ``urban``), outside (``site``), an area."""
INNER_KINDS: tuple[Kind, ...] = ("part", "urban")
"""Kinds of what lies within a town."""
AREA_KINDS: tuple[Kind, ...] = ("area", "unit", "city")
"""Kinds of what is no point: as a text says, and as a column that states a unit."""
_KIND: dict[str, Kind] = {word: kind for kind, words in KIND_WORDS.items() for word in words.split()}

BESIDE_WORDS = "farm farms silos mill plant factory checkpoint crossing crossings مزرعة مزارع صوامع معمل مصنع حاجز معبر"
"""Words for sites that mostly bear the name of the settlement they lie at."""
_BESIDE = frozenset(BESIDE_WORDS.split())

FACILITY_WORDS = (
    "hospital clinic school university college market souq souk stadium building museum hotel bakery station prison"
    " court cemetery headquarters office offices theatre theater seaport harbour harbor"
    " ميناء مرفأ مشفى مستشفى مدرسة جامعة سوق ملعب مبنى فرن سجن مقبرة"
)
"""Words of the kind ``urban`` for what is often called after its town; streets and mosques are after others."""
PORT = ("port", "of")
"""Words for a seaport before its town's name; "port" alone belongs to a name ("Port Sudan")."""
PURPOSE_WORDS = (
    "railway train bus police fire petrol power water regional municipal municipality administration administrative"
    " government security military general teaching primary secondary central main maternity field national state"
    " complex drama"
)
"""Words before those that say what a facility is for, and name nothing."""
_FACILITY = frozenset(FACILITY_WORDS.split())
_NAMELESS = _FACILITY.union(PURPOSE_WORDS.split())

UNNAMED_WORDS = (
    "multiple several various many other some places locations sites point residential buildings houses homes car"
    " convoy of the a in and near unknown unnamed no name yet private public old new main none nan na n null nil"
    " unspecified undisclosed sea offshore civilian civilians"
)
"""Words that name nothing by themselves, nor beside words for a kind of place ("several residential buildings")."""
AIRFIELD_WORDS = (
    "air airport airbase airfield airstrip aerodrome base military army force international regional civil ab"
)
"""Words that name nothing beside each other alone ("Military airport")."""
_KINDS = frozenset(_KIND)
_UNNAMED = _KINDS.union(UNNAMED_WORDS.split())
_WIDE = _KINDS.union(english.DEMONYMS, english.RIVERS)
_AIRFIELDS = frozenset(AIRFIELD_WORDS.split())


class Mention(NamedTuple):
    """One place that a text names.

    Parameters
    ----------
    names
        Its names, in the order given; more than one when the text offers alternatives ("Tadmur/Palmyra").
    kind
        What the text says it is; empty when it does not say.
    relation
        ``at`` it, ``near`` it, somewhere ``around`` it (its countryside, its north), or ``off`` it: the spot lies in
        some direction from it, perhaps far, and is not there.
    derived
        Whether it repeats words of the mention before it, and is meant only where that is nowhere.
    joined
        Whether its names are of several places: all of them (``and``), or of one that is not told (``or``); empty when
        they may be names of one.
    whole
        All the words, where names are joined: "Jammu and Kashmir" is one place.
    """

    names: tuple[str, ...]
    kind: Kind = ""
    relation: Relation = "at"
    derived: bool = False
    joined: Joined = ""
    whole: str = ""

    @property
    def spellings(self) -> tuple[str, ...]:
        """Everything that may be the name."""
        return (*self.names, self.whole) if self.whole else self.names


@dataclass(frozen=True, slots=True)
class Offset:
    """A distance from the first mention; ``bearing`` in degrees from north, missing when only the distance is told."""

    km: float
    bearing: float | None
    spread_km: float


class PlaceText(NamedTuple):
    """What a text says: its mentions from the spot to the whole, and how the place relates to them.

    With ``between`` the first two mentions are the ends of a line; with ``offset`` the first is the anchor; of
    ``several`` none is the whole of another.
    """

    mentions: tuple[Mention, ...]
    offset: Offset | None = None
    between: bool = False
    several: bool = False


_UNIT = "|".join(f"(?P<{unit}>{pattern})" for unit, pattern in UNIT_PATTERNS.items())
_COMPASS = "(?:" + "|".join(COMPASS_PATTERNS.values()) + ")"
_POINT = rf"(?:{_COMPASS}(?: ?-? ?{_COMPASS}){{0,2}}|(?-i:[NSEW]{{1,3}}))\b"
_NUMBER = r"\d+(?:[.,]\d+)?"
_ABOUT = r"(?:\b[a-z]{0,3}prox[a-z]*\b\.?|about|around|roughly|some|circa|ca?\.|~|على بعد|حوالي|نحو|قرابة)"
_OFFSET = re.compile(
    rf"^(?:{_ABOUT}\s*){{0,3}}(?P<number>{_NUMBER}) ?(?:(?:{_UNIT})\b)?(?: (?:to )?the| إلى| الى)? ?"
    rf"(?P<point>{_POINT}(?: ?(?:and|&|/|و)? ?(?:{_NUMBER} ?\w{{1,2}} )?{_POINT}){{0,2}})?"
    r"(?: ?(?P<of>of|from|outside|away from|من|عن)\b)? ?(?:the )?(?P<anchor>[^\W\d].*)$",
    re.IGNORECASE,
)
_OFFSET_AFTER = re.compile(
    rf"^(?P<point>{_POINT})(?: (?:of|from)(?: the)?)? (?P<anchor>[^\W\d].*?)"
    rf"(?: (?:بـ?|على بعد|بمسافة|بحوالي)|,| \(| at)(?: ?{_ABOUT})* ?(?P<number>{_NUMBER}) ?(?:{_UNIT})\b.*$",
    re.IGNORECASE,
)
_OFFSET_BEHIND = re.compile(
    rf"^(?P<anchor>[^\W\d][^,;]*?),? \(?(?:{_ABOUT}\s*){{0,3}}(?P<number>{_NUMBER}) ?(?:{_UNIT})\b(?: (?:to )?the)? ?"
    rf"(?P<point>{_POINT})(?: of (?:the )?(?:city|town|village|it|there|here))?(?P<of>)\)?$",
    re.IGNORECASE,
)
"""A distance behind the name it is measured from ("Bakhmut, 15 km west")."""
_OFFSET_NAMED = re.compile(
    rf"^(?P<name>[^\W\d][^\d]*?)[,;(] ?(?P<offset>(?:{_ABOUT}\s*){{0,3}}{_NUMBER}.*?)\)?$", re.IGNORECASE
)
"""A name before the distance from another ("Zamzam camp, 15 km south of El Fasher")."""
PLURALS = {
    "governorates": "governorate",
    "provinces": "province",
    "districts": "district",
    "regions": "region",
    "states": "state",
    "oblasts": "oblast",
    "counties": "county",
    "cities": "city",
    "towns": "town",
    "villages": "village",
    "neighbourhoods": "neighbourhood",
    "neighborhoods": "neighborhood",
    "camps": "camp",
    "localities": "locality",
    "townships": "township",
    "subdistricts": "subdistrict",
    "municipalities": "municipality",
    "communes": "commune",
    "cercles": "cercle",
    "zones": "zone",
    "territories": "territory",
    "lgas": "lga",
    "illeri": "province",
    "ilçeleri": "district",
    "області": "область",
    "области": "область",
}
"""What several places are, behind the last of their names, and what each is."""
_GOVERNORATES = ("governorate", "province", "region", "state", "oblast")
BESIDES_WORDS = (
    "its their his other others surrounding surroundings nearby neighbouring neighboring adjacent countryside outskirts"
    " environs suburbs the rest"
)
"""Words that name nothing behind "and", beside those for a kind of place ("Sarmin and its surroundings")."""
_BESIDES = frozenset([*BESIDES_WORDS.split(), *_KINDS, *TYPE_WORDS["area"].split(), *PLURALS])
_HEAD = re.compile(
    r"(?:(?:north|south)(?:-?(?:east|west))?(?:ern)?|(?:east|west)(?:ern)?|central|middle|upper|lower|outer|inner)"
    r"(?:$| (?!of\b))",
    re.IGNORECASE,
)
"""What parts of a land are called by, before its name: "North and South Darfur"."""
CAMP_WORDS = frozenset(["camp", "camps", "مخيم", "مخيمات"])
_SEVERAL = re.compile(r"[&/]|\band\b| و ", re.IGNORECASE)
_SECOND_OFFSET = re.compile(rf"\b{_NUMBER} ?(?:{re.sub(r'[?]P<[a-z]+>', '?:', _UNIT)})\b", re.IGNORECASE)
_UNREAD = re.compile(
    r"\d ?(?:km|kms|kilom\w*|quil[oó]m\w*|nm|miles?|км|кілом\w*|килом\w*|كم|كلم|كيلو\w*|کیلو\w*)\b", re.IGNORECASE
)
"""A distance: where it is not read, the place is not at what it is measured from."""
_ELSEWHERE = re.compile(rf"\b(?:of|from|to|de|du|من|عن)\b(?! the$)|\bd['’]|\b{_POINT} \w", re.IGNORECASE)
"""Words before the name of another place, that a distance is measured from."""
_CHUNKS = re.compile("[,،;(]")
_LETTERS = tuple((re.compile(pattern, re.IGNORECASE), letter) for letter, pattern in COMPASS_PATTERNS.items())

_BETWEEN = re.compile(
    r"\b(?:between|linking|connecting|joining)\b(?: the)? (?P<a>.+?) (?:and|&|with|to) (?P<b>.+)$", re.IGNORECASE
)
_BETWEEN_LOCAL = re.compile(r"(?:^| )بين (?P<a>.+?) و ?(?P<b>\S.*)$")
ROAD_WORDS = (
    *("طريق", "أوتوستراد", "اوتوستراد", "vía", "via", "carretera", "autopista", "estrada", "rodovia", "trocha"),
    *("трасса", "траса", "шоссе", "шосе"),
)
"""Roads in other languages, said before the names of their ends."""
_ROADS_ABROAD = "|".join(ROAD_WORDS)
_LINE = re.compile(
    r"between|linking|connecting|joining|road|highway|motorway|border|route|ax[ei]s?|corridor|بين"
    rf"|{_ROADS_ABROAD}"
)
"""Words, in lower case, without one of which a text tells no line."""
_ROADS = r"(?:road|highway|motorway|border|route|axis|corridor)\b"
_ROADS_BEFORE = rf"(?:{_ROADS_ABROAD}|road|highway|route|axe|axis)"
_ON = r"(?:(?:on|the|على|sur|le|la|en|el|por|na|no|pela|на) |l['’] ?)*"
_ROAD = re.compile(
    rf"^(?:the )?(?P<a>[^,:(]{{3,}}?) ?(?: [-–—]|[–—]) ?(?P<b>[^,:(]{{3,}}?) {_ROADS}(?P<rest>.*)$", re.IGNORECASE
)
_ROAD_DASH = re.compile(
    rf"^(?:the )?(?P<a>[^,:(-]{{3,}}(?<!\b[aeAE][a-zA-Z])(?<!\b[aeAE][a-zA-Z][a-zA-Z]))-"
    rf"(?P<b>(?!(?:[ae][a-z]|[ae][a-z]h)\b)[^,:(]{{3,}}?) {_ROADS}(?P<rest>.*)$",
    re.IGNORECASE,
)
_ROAD_NAMED = re.compile(rf"^{_ON}{_ROADS_BEFORE} (?P<a>[^,،]+?) ?[-–—] ?(?P<b>[^,،]+)$", re.IGNORECASE)
_ROAD_FROM = re.compile(r"\b(?:road|highway|motorway) from (?P<a>.+?) to (?P<b>.+)$", re.IGNORECASE)

_NEAR = (
    r"near(?:by| to)?|around|close to|next to|adjacent to|beside|by|opposite|behind|outside(?: of)?|ivo(?: of)?|towards"
    r"|leading to|(?:in the |on the |at the |the )?(?:vicinity|outskirts|edges?|suburbs|surroundings|environs) of"
    r"|قرب|بالقرب من|محيط|في محيط|جوار|في جوار|[أا]طراف|ضواحي|عند"
)
_AROUND = r"(?:in the |the )?(?:countrysides?|desert|hinterland|rural areas?|badiya)(?: area)? of|ريف|بادية"
_AT = (
    r"in|at(?! t)|inside|within|on|from|the|a|an|both|either|downtown|several locations in|various|approximately in"
    r"|(?:the |in )*(?:cent(?:er|re)|middle|heart|city cent(?:er|re)|part|side|city|town|villages?|cities|towns|camp"
    r"|area|neighbou?rhood|district|governorate|province|region|state) of(?: the)?|في|وسط|مركز"
)
_LEAD = re.compile(rf"^(?:(?P<near>{_NEAR})|(?P<around>{_AROUND})|(?P<at>{_AT})) +(?=\S)", re.IGNORECASE)
_DIRECTION = re.compile(
    rf"^(?:(?:in|on|to|just|immediately) )*(?:the )?(?P<point>{_POINT}|central\b(?! african))"
    r"(?:(?: |-)?(?P<part>parts?|sides?))?(?: (?P<of>of)(?: the)?)? +(?=\S)",
    re.IGNORECASE,
)
_SIDE = re.compile(r"(?: (?:ال)?(?:شمالي|جنوبي|شرقي|غربي))+$")
_REGIONAL = re.compile(r"(?:ern|ي)$", re.IGNORECASE)
"""Ending of a compass word that speaks of a region ("northern Aleppo"), not of a side of a town ("North Ramadi")."""
_TRAIL = re.compile(
    rf"[ -]+(?:(?P<around>(?:{_POINT} )?(?:countrysides?|desert|hinterland|outskirts|front ?lines?|direction)|ريف)"
    r"|(?P<near>and (?:the )?(?:other|surrounding)[a-z ]*|vicinity|environs|surroundings|القريبة)"
    r"|areas?|cent(?:er|re))$",
    re.IGNORECASE,
)
_NOWHERE = "(no place)"
"""Behind what names a people's land or a river: no place is called so, but some nearly as the people or the river."""
MOST_PARTS = 8
"""Colons that a text may have to any purpose."""
_INSIDE = (
    r"on the (?:outskirts|edges?) of|(?:the )?outskirts of|in|near|next to|close to|outside|inside|within|leading to"
    r"|في|قرب|بالقرب من"
)
_SPLIT = re.compile(rf" *[,،;؛\n] *| +[-–—] +|(?<!\b[oia][nt]) (?=(?:{_INSIDE}) )")
"""Between the names of a text, from the spot to the whole."""
_LISTED = re.compile(r"[^\W\d_].*[;؛].*[^\W\d_]")
"""Semicolons between names of several places."""
_WHOLES = ("محافظة", "قضاء", "ناحية", "مديرية", "ولاية", "محلية", "ريف", "مدينة", "بلدة")
_WHOLE = rf"(?:{'|'.join(_WHOLES)}) "
_BEHIND = re.compile(
    rf" (?=(?:(?:just|immediately|to|the) )*{_POINT} of )"
    rf"|(?<!ريف) (?=(?:شمال|جنوب)ي?(?: (?:شرق|غرب)ي?)? |(?:شرق|غرب)ي? |وسط |{_WHOLE})",
    re.IGNORECASE,
)
"""Before what follows a name without a comma: a direction ("Kafr Nabl south of Idlib"), in Arabic also a whole."""
_OR = re.compile(r" +(?:or|أو|یا|або|или|чи) +", re.IGNORECASE)
_AND = re.compile(r" +(?:and|و|أند|та|и|і|й) +| *& *| و(?=ال)", re.IGNORECASE)
_ALTERNATIVES = re.compile(rf" *[/\\|] *|{_OR.pattern}|{_AND.pattern}", re.IGNORECASE)
_PARENTHESES = re.compile(r" *\(([^()]*)\)?")
_DOUBTING = ("possibly", "probably", "perhaps", "maybe", "ربما", "لعل", "لعله", "لعلها", "يحتمل", "على الأرجح")
_SAID_DOUBTS = rf"\b(?:{'|'.join(_DOUBTING)})\b|[?؟]"
"""By what a text says that it is not sure."""
_DOUBTS = re.compile(_SAID_DOUBTS, re.IGNORECASE)
_COMMENTS = re.compile(rf"\[[^\]]*\]?|{_SAID_DOUBTS}|\b(?:exact location|unknown location)\b|[\"“”«»]", re.IGNORECASE)
_MARKED = re.compile(rf"[^\w '‘’`-]|\d|[’']s | (?:[-وب]|[dD]['’]|{_WHOLE})")
POINT_LETTERS = "n s e w ne nw se sw nne nnw sse ssw ene ese wne wse"
"""Words that are points of the compass at the beginning of a text only: not in "Mazar-e Sharif"."""
TELLING_WORDS = (
    "near nearby around close next adjacent beside by opposite behind outside ivo towards leading in at inside within"
    " on from the a an of downtown several various approximately vicinity outskirts edge edges suburbs surroundings"
    " environs countryside desert hinterland badiya nr vic frontline frontlines front line lines direction old rural"
    " area areas center centre and or between linking connecting joining"
    " road highway motorway border route axis axe corridor exact unknown"
    " central قرب بالقرب محيط جوار أطراف اطراف ضواحي عند ريف بادية في وسط مركز بين أو و أند على القريبة حوالي نحو"
)
"""Words, beside those of the compass, without one of which a text without marks is nothing but a name."""
_TELLING = frozenset(
    {
        *_BESIDE,
        *_FACILITY,
        *POINT_LETTERS.split(),
        *TELLING_WORDS.split(),
        *" ".join(_DOUBTING).split(),
        *ROAD_WORDS,
        *wordings.TELLING_WORDS,
        *(a + b + c for a in ("", "north", "south") for b in ("", "east", "west") for c in ("", "ern", "ward", "side")),
        *(a + b + c for a in ("", "ال") for b in ("شمال", "جنوب", "شرق", "غرب") for c in ("", "ي")),
    }
)
_SAYING = _TELLING.difference(POINT_LETTERS.split()) | _UNNAMED | _AIRFIELDS
_POINTS = frozenset(a + b + c for a in "nsew" for b in ("", *"nsew") for c in ("", *"nsew"))
"""What is a point of the compass, where it is in capitals and the first word."""
_DENIED = re.compile(
    r"(?:not|ليست?|не) (?:in|at|near|inside|within|on|from|by|around|في|قرب|داخل|в|у|біля|під|поблизу|возле|около)\b",
    re.IGNORECASE,
)
"""Beginning of a text that says where a place is not."""
_EDGES = " .,:;-–—_'‘’"
_LETTER, _DIGIT = re.compile(r"[^\W\d_]"), re.compile(r"\d")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def compass_point(words: str) -> str:
    """Return the letters of the compass that words stand for ("north-west", "NNE", "شمال شرق")."""
    for pattern, letter in _LETTERS:
        words = pattern.sub(letter, words)
    return re.sub(r"[^NSEW]", "", words)


def name_bearing(degrees: float) -> str:
    """Return the compass point of a bearing, in words to eight points, else by its letters."""
    point = COMPASS_POINTS[round(degrees / 22.5) % len(COMPASS_POINTS)]
    return "".join(_COMPASS_WORDS[letter] for letter in point) if len(point) < 3 else point  # noqa: PLR2004 - NNE


def read_bearing(words: str) -> float | None:
    """Return the bearing, in degrees, that compass words stand for."""
    point = compass_point(words)
    if point in COMPASS_POINTS:
        return 22.5 * COMPASS_POINTS.index(point)
    east, north = point.count("E") - point.count("W"), point.count("N") - point.count("S")
    return math.degrees(math.atan2(east, north)) % 360 if east or north else None


def _read_offset(found: re.Match[str]) -> Offset | None:
    unit = next((u for u in UNIT_PATTERNS if found[u]), "")
    point = found["point"]
    if not point and not (unit and found["of"]):
        return None  # "128th Brigade", "47 Area"
    km = float(found["number"].replace(",", ".")) * KM_PER_UNIT[unit]
    bearing = read_bearing(_SECOND_OFFSET.sub("", point)) if point else None
    if point and _SEVERAL.search(point):
        return Offset(km, bearing, km)  # "4 km north and west of": anywhere between
    share = BEARING_SPREAD[min(len(compass_point(point or "")), 3) or 1] * (1 if unit else 2)
    return Offset(km, bearing, km if bearing is None else share * km)


def _read_mention(text: str, relation: Relation = "at", *, spot: bool = True) -> list[Mention]:
    """Read one chunk of a text; "northern X" is also, failing that, somewhere around X.

    What lies north of X is near it, unless the text has named a ``spot`` before: that may be far from X. Arabic has no
    "of": what is named with a direction behind a spot may be the whole or not.
    """
    while lead := _LEAD.match(text):
        relation = "near" if lead["near"] else "around" if lead["around"] else relation
        text = text[lead.end() :]
    if _names_sides(text):
        return _read_spot(*_read_alternatives(text), relation, text)
    directed: list[Mention] = []
    if (point := _DIRECTION.match(text)) and _read_name(text[point.end() :]):
        rest = text[point.end() :]
        if point["part"]:
            return _read_mention(rest, relation)
        if point["of"] or not (spot or point["point"].isascii()):
            return _read_mention(rest, "near" if spot else "off")
        if _LEAD.match(rest):
            return _read_mention(rest, relation)
        directed = _read_mention(rest, "around" if _REGIONAL.search(point["point"]) else "near")
        directed[:1] = [mention._replace(derived=spot) for mention in directed[:1]]
    while trail := _TRAIL.search(text):
        relation = "near" if trail["near"] else "around" if trail["around"] else relation
        text = text[: trail.start()]
    if relation == "around":
        text = _SIDE.sub("", text)  # the southern countryside of X is around X
    return _read_spot(*_read_alternatives(text), relation, text) + directed


def _read_alternatives(text: str) -> tuple[list[str], Joined]:
    """Return the names of a chunk, and how they are joined; what is said of all is said of each."""
    names, joined = _split_joined(text)
    if not joined:
        return names, joined
    if _names_sides(text):
        joined = "or"
    *_, last = names[-1].split()
    if kind := PLURALS.get(last.casefold()):
        names[-1] = names[-1][: -len(last)].strip()
        names = [f"{name} {kind}" for name in names if name]
    return names, joined if len(names) > 1 else ""


def _split_joined(text: str) -> tuple[list[str], Joined]:
    """Return the names of a chunk without those that name nothing beside another: "Sarmin and nearby villages".

    "Kharkiv city and oblast" is the oblast; of "North and South Darfur" each is Darfur's.
    """
    names = [_strip_lead(name) for name in _ALTERNATIVES.split(text) if _read_name(name)]
    joined: Joined = "or" if _OR.search(text) else "and" if _AND.search(text) else ""
    if len(names) > 1 and (head := _HEAD.match(names[-1])) and any(map(_HEAD.fullmatch, names[:-1])):
        rest = names[-1][head.end() :]
        names = [f"{name} {rest}" if _HEAD.fullmatch(name) else name for name in names]
        joined = joined or "or"
    if joined:
        first, *others = names or [""]
        bare = [name for name in others if _BESIDES.issuperset(_split_words(name))]
        names = [first, *(name for name in others if name not in bare)]
        if area := next((word for name in bare if _KIND.get(word := _split_words(name)[-1]) == "area"), ""):
            words = first.split()
            names[0] = " ".join([*(words[:-1] if words[-1].casefold() in _KINDS else words), area])
    return names, joined if len(names) > 1 else ""


def _strip_lead(name: str) -> str:
    """Return a name without what says that the place is at it: "the city of Idlib"."""
    while (lead := _LEAD.match(name)) and lead["at"]:
        name = name[lead.end() :]
    return name


def _names_sides(text: str) -> bool:
    """Return whether a chunk joins sides of places, of which none is it: "northern Hama and southern Idlib"."""
    names, joined = _split_joined(text)
    sides = [
        name
        for name in names
        if _DIRECTION.match(name) or name.startswith("rural ") or ((lead := _LEAD.match(name)) and not lead["at"])
    ]
    return len(sides) > (0 if joined else 1)


def _is_minor(name: str) -> bool:
    """Return whether a name is of a camp, a site or a part of a town: few of them are listed, and none is a unit."""
    words = name.casefold().split()
    return not CAMP_WORDS.isdisjoint(words) or _tell_kind(words) in {*INNER_KINDS, "site"}


def _read_spot(texts: Iterable[str], joined: Joined, relation: Relation, whole: str) -> list[Mention]:
    """Return the mention of one or more names; none when all their words only tell a kind ("residential building").

    "X silos" are also, failing that, somewhere near X; "X railway station" is in X.
    """
    names = tuple(name for text in texts if (name := _read_name(text)))
    words = " ".join(names).casefold().split()
    if _name_nothing(words):
        return []
    if _WIDE.issuperset(_split_words(" ".join(words))):
        return [Mention((f"{' '.join(words)} {_NOWHERE}",), _tell_kind(words), relation)]
    if len(names) > 1:
        whole = _read_name(whole.replace("&", "and")) if joined else ""
        return [Mention(names, _tell_kind(words), relation, joined=joined, whole=whole)]
    spot = Mention(names, _tell_kind(words), relation)
    kind: Kind = ""
    if not _BESIDE.isdisjoint(words):
        town, relation = [word for word in names[0].split() if word.casefold() not in {*_BESIDE, "of"}], "near"
    elif tuple(words[:2]) == PORT:
        town, kind = names[0].split()[2:], "settlement"
    elif not _FACILITY.isdisjoint(words):
        town = _strip_facility(names[0].split())
    else:
        return [spot]
    namesake = _read_name(" ".join(town))
    if not namesake or _name_nothing(namesake.casefold().split()):
        return [spot]
    return [spot, Mention((namesake,), kind, relation, derived=True)]


def _split_words(text: str) -> list[str]:
    return text.casefold().replace("-", " ").split()


def _name_nothing(words: Sequence[str]) -> bool:
    return _UNNAMED.issuperset(words) or _AIRFIELDS.issuperset(words)


def _strip_facility(words: list[str]) -> list[str]:
    """Return the words before (in Arabic: behind) those that say what facility is meant; none where there are none."""
    ends = range(len(words) + 1)
    told = [word.casefold() for word in words]
    front = next((at for at in ends if at == len(words) or told[at] not in _NAMELESS), 0)
    back = next(len(words) - at for at in ends if at == len(words) or told[-1 - at] not in _NAMELESS)
    kept = words[front:] if front and not words[0].isascii() else words[:back]
    return kept if len(kept) < len(words) else []


def _tell_kind(words: Sequence[str]) -> Kind:
    """Return what a name's words say it is: the last of them first."""
    if _KINDS.isdisjoint(words):
        return ""
    return next(_KIND[word] for word in (words[-1], *words) if word in _KIND)


def _are_name(words: Sequence[str]) -> bool:
    """Return whether the words of a text without marks are nothing but a name, and do not even tell its kind."""
    return _SAYING.isdisjoint(words) and words[0] not in _POINTS


def _read_name(text: str) -> str:
    """Return a name without what stands around it; nothing when that has no letter."""
    name = text.strip(_EDGES)
    return name if _LETTER.search(name) else ""


def _read_mentions(text: str) -> tuple[Mention, ...]:
    """Read the chunks of a text, from the spot to the whole: "X: Y" is Y in X; "Y (X)" too, or X is its other name."""
    whole, *parts = [part for part in text.split(":", MOST_PARTS) if _read_name(part)] or [text]
    if parts:
        inside = (m if m.kind else m._replace(kind="part") for part in reversed(parts) for m in _read_chunks(part))
        return (*inside, *_read_chunks(whole))
    return _read_chunks(text)


def _read_chunks(text: str) -> tuple[Mention, ...]:
    """Read the chunks of a text without a colon that says more."""
    if not _MARKED.search(text) and (name := _read_name(text)) and _are_name(_split_words(name)):
        return (Mention((name,)),)
    inner = ", ".join(_PARENTHESES.findall(text))
    chunks = _SPLIT.split(_PARENTHESES.sub(" ", text)) + (_SPLIT.split(inner) if inner else [])
    mentions: list[Mention] = []
    for chunk in chain(*map(_part_whole, chunks)):
        mentions += _read_mention(chunk.strip(), spot=not mentions)
    return tuple(mentions)


def _part_whole(chunk: str) -> list[str]:
    """Return "X south of Y" in two, when X names something; "near X south of Y" too."""
    start = 0
    while before := _LEAD.match(chunk[start:]) or _DIRECTION.match(chunk[start:]):
        start += before.end()
    for found in _BEHIND.finditer(chunk, start):
        if _read_mention(chunk[start : found.start()]):
            return [chunk[: found.start()], *_part_whole(chunk[found.end() :])]
    return [chunk]


def _leaves_distance(text: str) -> bool:
    """Return whether a text tells a distance that is not read, and not from a place that it names with it."""
    return any(not _ELSEWHERE.search(chunk) for chunk in _CHUNKS.split(text) if _UNREAD.search(chunk))


def _read_line(text: str) -> tuple[tuple[Mention, ...], tuple[Mention, ...]] | None:
    """Return the mentions of the two ends when a text names a line, the second with what follows it."""
    if not _LINE.search(text.casefold()):
        return None
    for pattern in (_BETWEEN, _BETWEEN_LOCAL, _ROAD_FROM, _ROAD, _ROAD_DASH, _ROAD_NAMED):
        if found := pattern.search(text):
            ends = [end for end in found.groups() if end]
            *_, last = ends[1].split()
            kind = PLURALS.get(last.casefold())
            if kind in _GOVERNORATES and not _SPLIT.search(ends[1]):
                ends[:2] = f"{ends[0]} {kind}", f"{ends[1][: -len(last)]}{kind}"
            a, b = _read_mentions(ends[0]), _read_mentions(" ".join(ends[1:]))
            if a and b:
                return a, b
    return None


def _as_points(mentions: tuple[Mention, ...], count: int) -> tuple[Mention, ...]:
    """Return the mentions, the first ``count`` of them meant as points: one is not 5 km north of a governorate."""
    ends = (m if m.kind else m._replace(kind="settlement") for m in mentions[:count])
    return (*ends, *mentions[count:])


def read_names(texts: Iterable[str]) -> tuple[dict[str, str], dict[str, Kind]]:
    """Return, by text, the names of those texts that are nothing but a name, and its kind where the words tell one.

    It is what `parse_place` says of them too, told by a few tests that run over all texts at once. Other texts, and
    some with rare letters, are left to that.
    """
    lines = [text for text in texts if "\n" not in text and len(text) <= LONGEST]
    block = "\n".join(lines)
    spelt = block.casefold().replace("-", " ").split("\n")
    bare = block
    for mark in (" -", "'s ", "’s ", " و", " ب", " d'", " d’", *(f" {whole} " for whole in _WHOLES)):
        bare = bare.replace(mark, "0")  # the text is not plain
    for mark in " '‘’`-":
        bare = bare.replace(mark, "")
    names: dict[str, str] = {}
    kinds: dict[str, Kind] = {}
    for text, words, letters in zip(lines, spelt, bare.split("\n"), strict=False):  # of no text, one empty line
        if not letters.isalpha():
            continue
        said = words.split()
        if not _are_name(said):
            if _name_nothing(said) or not _TELLING.isdisjoint(said):
                continue
            kinds[text] = _tell_kind(said)
        names[text] = (" ".join(text.split()) if "  " in text else text).strip(_EDGES)
    return names, kinds


def find_doubts(texts: Sequence[str]) -> list[int]:
    """Return the positions of the texts that say that they are not sure."""
    block = "\n".join(texts).casefold()
    if not any(mark in block for mark in (*_DOUBTING, "?", "؟")):  # most lists have none
        return []
    return [at for at, text in enumerate(texts) if _DOUBTS.search(text)]


def parse_place(text: str) -> PlaceText:
    """Return what a place text says; one without a single letter, or longer than `LONGEST`, has no mention."""
    text = text if len(text) <= LONGEST else ""
    if not _MARKED.search(text):
        words = _split_words(text)
        name = _read_name(" ".join(text.split()))
        if name and (_are_name(words) or _TELLING.isdisjoint(words)):
            return PlaceText(() if _name_nothing(words) else (Mention((name,), _tell_kind(words), "at"),))
    text = wordings.reword(" ".join(_COMMENTS.sub(" ", text).translate(_DIGITS).split()))
    if english.TWO_SIDES.match(text) or _DENIED.match(text):
        return PlaceText(())
    found = _DIGIT.search(text) and (_OFFSET.match(text) or _OFFSET_AFTER.match(text) or _OFFSET_BEHIND.match(text))
    if not found and (named := _DIGIT.search(text) and _OFFSET_NAMED.match(text)) and _is_minor(named["name"]):
        found = _OFFSET.match(named["offset"])
        found = found if found and found["point"] else None
    if found and (offset := _read_offset(found)):
        if _SECOND_OFFSET.search(found["anchor"]):
            return PlaceText(())  # two anchors: neither is the place
        return PlaceText(_as_points(_read_mentions(found["anchor"]), 1), offset=offset)
    if ends := _read_line(text):
        a, b = ends
        return PlaceText(_as_points((a[0], b[0], *a[1:], *b[1:]), 2), between=True)
    mentions = () if _leaves_distance(text) else _read_mentions(text)
    return PlaceText(mentions, several=len(mentions) > 1 and _LISTED.search(text) is not None)
