"""Persian (and Dari) place texts in English.

"در ۲۰ کیلومتری شمال کابل" is "20 km north of کابل", "بین کابل و غزنی" is "between کابل and غزنی".
Names stay as they are, and so does an Arabic text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

KIND_WORDS = {
    "شهر": "city",
    "روستای": "village",
    "قریه": "village",
    "ولسوالی": "district",
    "شهرستان": "district",
    "ولایت": "province",
    "استان": "province",
    "فرودگاه": "airport",
    "میدان هوایی": "airport",
    "میدان هوائی": "airport",
}
"""Words for a kind of place that stand before its name, in English."""
NEAR_WORDS = (
    *("نزدیکی های", "نزدیکی", "نزدیک به", "نزدیک", "حوالی", "اطراف"),
    *("حومه", "حاشیه", "خارج از", "بیرون از", "پیرامون"),
)
"""What says that a place is near another."""
CENTER_WORD = "مرکز"
BETWEEN_WORDS = ("بین", "میان", "مابین")
ROAD_WORDS = ("شاهراه", "بزرگراه", "آزادراه", "جاده", "مسیر", "راه", "سرک", "خط")
IN_WORD, FROM_WORD = "در", "از"
POINT_WORDS = {"north": "شمال", "south": "جنوب", "east": "شرق", "west": "غرب"}
_UNITS = ("ولسوالی", "ولایت", "استان", "شهرستان")
_PHRASES = (*KIND_WORDS, *NEAR_WORDS, *BETWEEN_WORDS, *ROAD_WORDS, CENTER_WORD, IN_WORD, "کیلومتری")
_WORDS = dict.fromkeys(" ".join(_PHRASES).split())
TELLING_WORDS = tuple(
    spelt for word in _WORDS for spelt in dict.fromkeys((word, word.replace("ی", "ي").replace("ک", "ك")))
)
"""Words, as both keyboards write them, without one of which a Persian text has none of these wordings."""


def _spell(pattern: str) -> str:
    """Return a pattern that takes the letters of an Arabic keyboard too, and words that are joined without a space."""
    return pattern.replace("ی", "[یي]").replace("ک", "[کك]").replace(" ", "[ \u200c]")


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_SURE = re.compile(
    _spell(rf"[گچپژ]|\b(?:{_any_of({*_UNITS, 'فرودگاه', 'شاهراه', 'نزدیکی', 'نزدیک', 'روستای', 'در'})})\b")
)
_LIKELY, _ARABIC = re.compile(rf"[یک\u200c]|\b(?:{_any_of(_WORDS)})\b"), re.compile(r"[ةىأإ]|\b[وبل]?ال\w\w")
"""What is Persian, what may be, and what is Arabic typed on whatever keyboard."""
_POINT = "(?P<point>(?:شمال|جنوب)(?: ?(?:شرق|غرب))?ی?|(?:شرق|غرب)ی?)"
_NUMBER = r"(?:حدود )?(?P<number>\d+(?:[.,٫]\d+)?(?: ?(?:-|–|تا) ?\d+(?:[.,٫]\d+)?)?)"
_NAME = r"(?P<name>[^\W\da-z][^،,؛;()]*?)"
_END = r"(?= *(?:$|[،,؛;()]|(?:near|north|south|east|west|in|between)\b))"
_ROAD = re.compile(
    _spell(
        rf"(?:\b{IN_WORD} )?\b(?:(?:{_any_of(ROAD_WORDS)}) ){{1,2}}(?:(?:عمومی|اصلی|مواصلاتی|حلقوی|آهن) )?"
        r"(?P<a>[^،,؛;()]{1,60}?)"
    )
    + rf"(?: ?[-–—] ?| (?:به|تا) )(?P<b>[^،,؛;()–—-]+?){_END}"
)
_BETWEEN = re.compile(
    _spell(rf"(?:\b{IN_WORD} )?\b(?:{_any_of(BETWEEN_WORDS)}) ") + rf"(?P<a>[^،,؛;()]+?) و (?P<b>[^،,؛;()]+?){_END}"
)
_OFFSET = re.compile(
    _spell(
        rf"(?:[،,] ?)?(?:{IN_WORD} )?(?:فاصله )?{_NUMBER} ?(?P<km>کیلو ?)?متر"
        rf"(?:ی?(?: {IN_WORD})? {_POINT}(?:(?= *\)?$)|(?P<of>(?: {FROM_WORD})? (?=\w)))"
        rf"|ی {FROM_WORD} |ی (?=\w)| {FROM_WORD} )"
    )
)
_DIRECTION = re.compile(_spell(rf"(?:(?P<start>^|[،,(] ?)|(?<=\w) )(?:{IN_WORD} )?{_POINT} (?!میانه)(?=\w)"))
_NEAR = re.compile(_spell(rf"(?:\b{IN_WORD} )?\b(?:{_any_of(NEAR_WORDS)}) (?=\w)"))
_CENTER = re.compile(_spell(rf"(?:\b{IN_WORD} )?\b{CENTER_WORD} (?=شهر )"))
_INSIDE = re.compile(_spell(rf"(?<=\w) {IN_WORD} (?=(?:{_any_of(KIND_WORDS)}) )"))
_UNIT = re.compile(_spell(rf"(?P<word>[^\s،,؛;(]+) (?=(?:{_any_of(_UNITS)}) )"))
_KIND = re.compile(rf"(?<!مر[کك]ز )\b(?P<kind>{_spell(_any_of(KIND_WORDS))}) {_NAME}{_END}")


def put_into_english(text: str) -> str:
    """Return a Persian place text with these wordings in English; one that is Arabic, or may be, as it is."""
    if not (_SURE.search(text) or (_LIKELY.search(text) and not _ARABIC.search(text))):
        return text
    text = _ROAD.sub(r"between \g<a> and \g<b>", text)
    text = _BETWEEN.sub(r"between \g<a> and \g<b>", text)
    text = _OFFSET.sub(_say_offset, text)
    text = _DIRECTION.sub(
        lambda found: f"{found['start'] if found['start'] is not None else ' '}{_point(found)} of ", text
    )
    text = _CENTER.sub("center of ", _NEAR.sub("near ", text))
    text = _UNIT.sub(_part, _INSIDE.sub("، ", text)).removeprefix(f"{IN_WORD} ")
    return _KIND.sub(_say_kind, text)


def _plain(word: str) -> str:
    return word.replace("ي", "ی").replace("ك", "ک").replace("\u200c", " ")


def _point(found: re.Match[str]) -> str:
    return "-".join(english for english, word in POINT_WORDS.items() if word in (found["point"] or ""))


def _say_offset(found: re.Match[str]) -> str:
    """Return a distance, with the point of the compass where it stands behind the name it is measured from."""
    number = re.sub(" ?تا ?", "-", found["number"]).replace("٫", ".")
    said = f"{', ' if found[0][0] in '،,' else ''}{number} {'km' if found['km'] else 'm'}"
    if found["point"]:
        return f"{said} {_point(found)}{' of ' if found['of'] else ''}"
    return f"{said} from "


def _say_kind(found: re.Match[str]) -> str:
    """Return a name before its kind, and as it stands: some begin with the word (Shahr-e Babak), or are known so."""
    return f"{found[0]}/{found['name']} {KIND_WORDS[_plain(found['kind'])]}"


def _part(found: re.Match[str]) -> str:
    """Return what stands before a unit with a comma behind it, unless it is no name."""
    word = found["word"]
    return found[0] if word.isascii() or _plain(word) in _WORDS else f"{word}، "
