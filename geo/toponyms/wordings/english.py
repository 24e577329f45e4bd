"""English place texts without short forms, and without what news say of a place before its name."""

from __future__ import annotations

import re

DEMONYMS = (
    *("syrian", "iraqi", "turkish", "iranian", "jordanian", "lebanese", "saudi", "kuwaiti", "israeli", "palestinian"),
    *("yemeni", "libyan", "egyptian", "sudanese", "afghan", "pakistani", "ukrainian", "russian", "kurdish"),
)
"""What is of a country or people, and names no place: the Somali Region is one."""
RIVERS = ("euphrates", "tigris", "الفرات")
"""Rivers that texts name for long stretches of land, and villages are called after."""
HOLDING_WORDS = ("held", "controlled", "occupied", "run", "besieged")
"""By what news say, after a hyphen or alone, who holds a place."""
EPITHET_WORDS = (*DEMONYMS, *HOLDING_WORDS, "capital")
"""Words before a name without one of which nothing is told of it but what it is."""

_NUMBERS = "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty"
NUMBER_WORDS = dict(zip(_NUMBERS.split(), (*range(1, 13), 15, 20, 30, 40, 50), strict=True))
"""Numbers of kilometres as words."""
_LENGTH = r"(?:kms?|kilomet(?:er|re)s?|mi|miles?|nm|met(?:er|re)s?|m)\b"
_NUMBER_WORD = re.compile(rf"\b({'|'.join(NUMBER_WORDS)})(?= {_LENGTH})", re.IGNORECASE)
_KM = r"\d+(?:[.,]\d+)?"
_SPAN = re.compile(rf"(?<![\d.,])(?P<a>{_KM}) ?(?:-|–|to|or) ?(?P<b>{_KM})(?= ?{_LENGTH})", re.IGNORECASE)
WIDEST_SPAN = 1.6
"""Times the shorter that the longer of two distances may be: half the span is within what is uncertain of any."""
_SIDES = r"(?:north|south)(?:-?(?:east|west))?|east|west"
_HELD = rf"(?:[\w-]+-)?(?:{'|'.join(HOLDING_WORDS)})"
_EPITHET = rf"(?:the|an?|{'|'.join(DEMONYMS)}|(?:{_SIDES})ern|{_HELD}|border|coastal|port|red sea|ancient|strategic)"
_UNITS = "district|province|governorate|region|state|oblast|county"
_ALSO = r"(?:and (?:then|also)|and|then|also)"
_KNOWN_AS = r"(?:also|formerly|then|now|previously|locally) (?:known as|called|named)"
_VARIOUS = r"(?:(?:several|various|many|some|the|a number of|multiple|other) )*"
_KINDS_OF = rf"city|town|village|suburb|port|camp|{_UNITS}"
_SPELT_OUT = (
    (re.compile(r"\bb/w\b", re.IGNORECASE), "between"),
    (re.compile(r"\band/or\b", re.IGNORECASE), "or"),
    (
        re.compile(
            r"^(?:an? |the )?(?:[a-z]+ )+in (?P<a>[A-Z][^,;()]*?) (?P<joined>and|or) "
            r"(?:an? |the )?(?:[a-z]+ )+in (?=[A-Z])"
        ),
        r"\g<a> \g<joined> ",
    ),
    (
        re.compile(
            r"^(?P<a>[A-Z][^,;()]*?) and (?:[a-z]+ )?(?:villages|towns|settlements|areas) "
            r"(?:near|around|in|of|close to) (?=[A-Z])"
        ),
        r"\g<a> and ",
    ),
    (re.compile(rf",? *\(?{_KNOWN_AS} (?P<name>[^,()]+)\)?", re.IGNORECASE), r" / \g<name>"),
    (re.compile(rf"(?<=\w)(?:, ?| (?=then|also)){_ALSO} (?=\w)", re.IGNORECASE), " and "),
    (re.compile(r" *\((?:then|now|formerly|previously) (?P<name>[^()]+)\)?", re.IGNORECASE), r" / \g<name>"),
    (re.compile(rf" *\({_ALSO} (?P<name>[^()]+)\)?", re.IGNORECASE), r" and \g<name>"),
    (
        re.compile(rf"^{_VARIOUS}(?:towns|villages)(?: and (?:towns|villages))* in (?=\w)", re.IGNORECASE),
        "countryside of ",
    ),
    (re.compile(r" local government areas$", re.IGNORECASE), " lgas"),
    (re.compile(r" (?P<joined>and|or) (?:in|at) (?=\w)", re.IGNORECASE), r" \g<joined> "),
    (re.compile(r"(?<=\w), ?or (?=\w)| *\(or (?=\w)", re.IGNORECASE), " or "),
    (re.compile(rf"^(?:{_EPITHET} )+(?=(?:{_KINDS_OF}) of (?:the )?\w)", re.IGNORECASE), ""),
    (re.compile(rf"^(?:(?i:{_EPITHET}) )*capital (?:city )?(?:of )?(?!(?i:{_KINDS_OF})\b)(?=[A-Z])"), ""),
    (re.compile(rf"^(?:the )?(?:{_HELD} )+(?!(?:{_KINDS_OF})\b)(?=\w)", re.IGNORECASE), ""),
    (
        re.compile(
            rf"(?P<before>^|[,;(] ?|\b(?:in|of|from|within) )(?:the )?(?P<sub>sub)?-?(?P<kind>(?:{_UNITS})s?) of "
            r"(?:the )?(?P<name>[^,;()]*[^,;() ])",
            re.IGNORECASE,
        ),
        r"\g<before>\g<name> \g<sub>\g<kind>",
    ),
    (
        re.compile(
            r"^(?:on )?(?:the )?(?:(?:main|coastal|coast|desert|international|old|new) )+"
            r"(?:road|highway|route) (?=\S.* [-–—] \S)|^convoy (?=\S.* [-–—] \S)",
            re.IGNORECASE,
        ),
        "road ",
    ),
    (
        re.compile(
            rf"^(?P<name>[^,(:/]+?)(?:, ?| \(|: ?| ?/ ?| - )(?:the )?(?:(?:{_SIDES})ern )?countryside\)?$",
            re.IGNORECASE,
        ),
        r"countryside of \g<name>",
    ),
    (
        re.compile(
            rf"^(?P<name>[^,(:/]+?)(?:, ?| \(|: ?| ?/ ?| - )(?:the )?(?:(?:{_SIDES})ern )?"
            r"(?:outskirts|near|nearby|vicinity|environs|surroundings|suburbs|surrounding \w+)\)?$",
            re.IGNORECASE,
        ),
        r"near \g<name>",
    ),
    (re.compile(rf"^(?:just )?outside (?:of )?[^,]* (?:{_UNITS})$", re.IGNORECASE), ""),
    (re.compile(r"\bnr\b\.?(?= )", re.IGNORECASE), "near"),
    (re.compile(r"\bvic(?:\.|inity)?(?= (?!of\b))", re.IGNORECASE), "vicinity of"),
    (re.compile(rf"(?P<first>\d ?{_LENGTH}) \(\d+(?:\.\d+)? ?{_LENGTH}\)", re.IGNORECASE), r"\g<first>"),
    (re.compile(r"^(?P<whole>[^\W\d][\w-]{3,})['’]s (?P<part>[A-Z]\S* [^,;]+)$"), r"\g<part>, \g<whole>"),
    (
        re.compile(
            r"^(?:the )?(?P<part>old city|[^,;]+ (?:district|neighbou?rhood|quarter)) of (?P<whole>[A-Z][^,;]*)$",
            re.IGNORECASE,
        ),
        r"\g<part>, \g<whole>",
    ),
    (re.compile(r"^from (?P<a>[A-Z][^,;]*?) to (?P<b>[A-Z][^,;]*)$"), r"between \g<a> and \g<b>"),
    (re.compile(r"^(?P<a>[A-Z][^,;]*?) to (?P<b>[A-Z][^,;]*?) (?:road|highway)$"), r"between \g<a> and \g<b>"),
    (
        re.compile(
            r"\b(?:the )?(?:(?:north|south|east|west)\w* )*"
            r"(?:countryside of damascus|damascus(?:['’]s?)? (?:(?:north|south|east|west)\w* )?countryside)\b",
            re.IGNORECASE,
        ),
        "Rif Dimashq governorate",
    ),
)
"""English short forms and turns of phrase, each with what says the same."""
_SIDE_OF = rf"(?:(?:just|immediately) )?(?:{_SIDES}) of [^,;]+?"
TWO_SIDES = re.compile(rf"^{_SIDE_OF}(?:, | and |, and |, but | but ){_SIDE_OF}$", re.IGNORECASE)
"""A side of each of two places, as "south of Kirkuk, north of Baghdad": somewhere that neither tells."""


def spell_out(text: str) -> str:
    """Return an English place text with its short forms and turns of phrase spelt out as they are read.

    "10-15 km" is 12.5 km, "Mosul's Zanjili district" is "Zanjili district, Mosul", "from Hit to Haditha" a line.
    """
    for pattern, plain in _SPELT_OUT:
        text = pattern.sub(plain, text)
    text = _NUMBER_WORD.sub(lambda found: str(NUMBER_WORDS[found[1].casefold()]), text)
    return _SPAN.sub(_say_middle, text)


def _say_middle(found: re.Match[str]) -> str:
    """Return the middle of two distances; both as they are where they tell little ("10-60 km")."""
    low, high = (float(found[end].replace(",", ".")) for end in ("a", "b"))
    return f"{(low + high) / 2:g}" if low < high <= WIDEST_SPAN * low else found[0]
