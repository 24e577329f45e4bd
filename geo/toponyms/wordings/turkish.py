"""Turkish place texts in English.

"Halep'in 20 km kuzeyi" is "20 km north of Halep", "Hakkari'nin Yüksekova ilçesi" is "Yüksekova district, Hakkari".
Names lose the ending that stands behind an apostrophe.
"""

from __future__ import annotations

import re

COMPASS_WORDS = {
    "north-east": "kuzeydoğu",
    "north-west": "kuzeybatı",
    "south-east": "güneydoğu",
    "south-west": "güneybatı",
    "north": "kuzey",
    "south": "güney",
    "east": "doğu",
    "west": "batı",
}
KIND_WORDS = {
    "district": "ilçe",
    "village": "köy",
    "town": "kasaba belde",
    "province": "vilayet",
    "airport": "havaalan havaliman",
}
PART_WORDS = {
    "near {name}": "yakınlar yakın civar çevre etraf varoşlar",
    "{name} {point} countryside": "kırsal",
    "center of {name}": "ilçe_merkez şehir_merkez kent_merkez merkez",
}
"""English, each with words that say it behind a name, without the endings that they take there ("ilçesi")."""
ROAD_WORDS = (
    "yolu yolunda karayolu karayolunda otoyolu otoyolunda demiryolu demiryolunda hattı hattında güzergahı güzergahında"
)
AWAY_WORDS = "uzaklıkta uzaklıktaki mesafede mesafedeki uzakta uzağında"

VOWELS = {vowel: ends for vowels, ends in {"aı": "ıa", "ou": "ua", "ei": "ie", "öü": "üe"}.items() for vowel in vowels}
"""Vowels, each with those that the endings behind it have: a high one, and a low one."""


def _inflect(stem: str) -> list[str]:
    """Return a word with the endings of what is of something: "ilçe" is "ilçesi", "ilçesinde", "ilçesindeki"."""
    last = next(letter for letter in reversed(stem) if letter in VOWELS)
    high, low = tuple(VOWELS[last])
    own = stem + ("s" if stem[-1] in VOWELS else "") + high
    return [own + case for case in ("", f"nd{low}", f"nd{low}ki", f"nd{low}n", f"n{low}", f"n{high}n")]


def _fold(word: str) -> str:
    return word.casefold().replace("i̇", "i").replace("ı", "i")


def _inflect_all(table: dict[str, str]) -> dict[str, str]:
    stems = {stem.replace("_", " "): english for english, words in table.items() for stem in words.split()}
    return {form: english for stem, english in stems.items() for form in _inflect(stem)}


def _any_of(words: str | dict[str, str]) -> str:
    return "|".join(sorted(words.split() if isinstance(words, str) else words, key=len, reverse=True))


_POINTS, _KINDS, _PARTS = map(_inflect_all, (COMPASS_WORDS, KIND_WORDS, PART_WORDS))
_BARE = {word: english for english, word in COMPASS_WORDS.items()}
_ENGLISH = {_fold(word): english for word, english in {**_POINTS, **_KINDS, **_PARTS, **_BARE}.items()}
_TOLD = (
    *" ".join((*_POINTS, *_KINDS, *_PARTS, *_BARE, ROAD_WORDS, AWAY_WORDS)).split(),
    *("ve", "arası", "arasında", "arasındaki"),
)
TELLING_WORDS = tuple(
    dict.fromkeys(
        form
        for word in _TOLD
        for form in (word, _fold(word), word.replace("i", "İ").replace("ı", "I").upper().casefold())
    )
)
"""Words without one of which a text has none of these wordings, as any case of letters folds them."""

_TELLING, _LETTERS, _WORDS = frozenset(map(_fold, _TOLD)), re.compile("[ğıİ]"), re.compile(r"\w+")
_CAPITAL = "(?-i:[A-ZÇĞİÖŞÜ])"
_NAME = r"(?:^|(?<=[,;(] )|(?<=[,;(]))(?P<name>[^\W\d][^,;()]*?)"
_OF = r"(?:['’]n?[iıuü]n)?"
_END = r"(?= *(?:$|[,;)]))"
_KM = r"(?:yaklaşık )?(?P<number>\d+(?:[.,]\d+)?(?: ?[-–] ?\d+(?:[.,]\d+)?)?) ?(?:km|kilometre)(?:['’]?l[ıi]k)?"
_WORD = rf"(?:{_any_of(_POINTS)}|{_any_of(_PARTS)}|{_any_of(_BARE)})\b"
_PART_OF = re.compile(
    rf"^(?P<whole>[^\W\d][^,;()'’]{{2,}}?)['’](?:n?[iıuü]n|[dt][ea](?:ki)?) (?P<part>(?!{_WORD}){_CAPITAL}[^,;]*)$",
    re.IGNORECASE,
)
_PART_IN = re.compile(rf"^(?P<whole>.* {_WORD}(?<=ki)) (?P<part>{_CAPITAL}[^,;]*)$", re.IGNORECASE)
_OFFSET = re.compile(rf"{_NAME}{_OF},? \(?{_KM} (?P<point>{_any_of(_POINTS)}|{_any_of(_BARE)})\)?{_END}", re.IGNORECASE)
_AWAY = re.compile(rf"{_NAME}['’](?:y?[ea]|[dt][ea]n) {_KM} (?:{_any_of(AWAY_WORDS)}){_END}", re.IGNORECASE)
_DIRECTION = re.compile(rf"{_NAME}{_OF} (?P<point>{_any_of(_POINTS)}){_END}", re.IGNORECASE)
_PART = re.compile(
    rf"{_NAME}{_OF},?(?: \(?(?P<point>{_any_of(_BARE)}))? \(?(?P<part>{_any_of(_PARTS)})\)?{_END}", re.IGNORECASE
)
_KIND = re.compile(rf"(?<=\w){_OF} (?P<kind>{_any_of(_KINDS)})\b", re.IGNORECASE)
_BETWEEN = re.compile(
    rf"{_NAME} (?:ile|ve) (?P<b>[^,;()]+?){_OF} aras[ıi](?:nda(?:ki)?)?(?: yol\w*)?{_END}", re.IGNORECASE
)
_ENDS = r"(?P<a>[^,;()]+?)(?: - | ?[–—] ?)(?P<b>[^,;()]+?)|(?P<c>[^-,;()]+?)-(?P<d>[^-,;()]+?)"
_ROADS = rf"(?:(?:çevre|arası) )?(?:{_any_of(ROAD_WORDS)}|yol)(?: üzerinde(?:ki)?)?"
_ROAD = re.compile(
    rf"^(?:[A-Z]-?\d+ )?(?:(?:{_ENDS}) (?:{_ROADS})|(?:{_ROADS}) (?P<e>[^,;()]+?) ?[-–—] ?(?P<f>[^,;()]+?)){_END}",
    re.IGNORECASE,
)
_EXACTLY = _any_of(" ".join((*_BARE, *map(str.capitalize, _BARE))))
_REGION = re.compile(
    rf"(?:^|(?<=[,;(] ))(?P<point>(?-i:{_EXACTLY})) (?!{_WORD})(?P<name>{_CAPITAL}[^,;()]*?){_END}", re.IGNORECASE
)
"""A side of a place before its name, not written without the letters that are Turkish: Bati Kot is in Afghanistan."""
_ENDING = re.compile(rf"(?<=\w{{3}})['’][dt][ea](?:ki|n)?{_END}", re.IGNORECASE)


def put_into_english(text: str) -> str:
    """Return a Turkish place text with these wordings in English."""
    if _TELLING.isdisjoint(_WORDS.findall(_fold(text))) and not _LETTERS.search(text):
        return text
    text = _PART_IN.sub(r"\g<part>, \g<whole>", _PART_OF.sub(r"\g<part>, \g<whole>", text))
    text = _ROAD.sub(_say_road, _BETWEEN.sub(r"between \g<name> and \g<b>", text))
    text = _OFFSET.sub(lambda found: f"{found['number']} km {_ENGLISH[_fold(found['point'])]} of {found['name']}", text)
    text = _AWAY.sub(r"\g<number> km from \g<name>", text)
    text = _DIRECTION.sub(lambda found: f"{_ENGLISH[_fold(found['point'])]} of {found['name']}", text)
    text = _PART.sub(_say_part, text)
    text = _KIND.sub(lambda found: f" {_ENGLISH[_fold(found['kind'])]}", text)
    text = _REGION.sub(lambda found: f"{_ENGLISH[_fold(found['point'])]}ern {found['name']}/{found[0]}", text)
    return re.sub(rf" ve (?={_CAPITAL})", " and ", _ENDING.sub("", text))


def _say_part(found: re.Match[str]) -> str:
    point = _ENGLISH[_fold(found["point"])] if found["point"] else ""
    said = _ENGLISH[_fold(found["part"])].format(name=found["name"], point=point)
    return " ".join(said.split())


def _say_road(found: re.Match[str]) -> str:
    a, b = (end for end in found.groups() if end)
    return f"between {a} and {b}"
