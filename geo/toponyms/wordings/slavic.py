"""Ukrainian and Russian place texts in English.

"за 10 км на північ від Харкова" is "10 km north of Харкова/Харків". What tells where a place lies demands a case of the
name behind it: nominatives that the form may be of stand beside it as alternatives, and those that exist tell which.
"""

from __future__ import annotations

import re
from functools import cache, partial
from itertools import islice, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def _read_endings(text: str) -> dict[str, list[str]]:
    """Return endings as "ова:ів,ов" lists them, the longest first."""
    pairs = (pair.split(":") for pair in sorted(text.split(), key=lambda pair: -pair.index(":")))
    return {ending: nominatives.split(",") for ending, nominatives in pairs}


GENITIVE = _read_endings(
    "ова:ів,ов,ово,ове єва:їв,єв,єве ева:ев,їв,ево ого:ий,е,ое,ый,ой ього:є,ій его:ее,ий ої:а ей:ая,ей ой:а,ая"
    " оля:іль,оль,ілля еня:інь,ень,ення ця:ець,це ка:ок,ко,к ья:ье огу:іг ії:ія ии:ия ів:и,і ев:ы,и ов:ы"
    " а:,о я:ь,е ни:на,ня,нь ли:ла,ль ри:ра,рь и:а і:я,а,ь, ы:а у: ю:й ок:ки б:би г:ги"
    " д:ди л:ли м:ми н:ни п:пи р:ри с:си т:ти ук:уки"
)
INSTRUMENTAL = _read_endings(
    "овом:ів,ов,ово євом:їв,єв евом:ев,їв,ево цем:ець,це енем:інь,ень олем:іль,оль,оле огом:іг,ог ком:ок,к,ко ьем:ье"
    " ним:ний,не ким:кий,ке ым:ый,ое ой:а,ая ей:а,я ею:а,я єю:я ою:а ью:ь ню:нь чю:ч ями:і,я ами:и,ы,а ем:ь,й,е єм:й"
    " ом:,о ям:я"
)
LOCATIVE = _read_endings(
    "ові:ів,ов,ове єві:їв,єв еві:ев,їв ове:ов,ово ене:ень ому:ий,е ом:ое,ый ой:ая ій:а ені:інь,ень,ене олі:іль,оль,оле"
    " ці:ка,ця,ць,ець озі:іг,ог зі:га ах:и,і,ы,а ях:і,я у: ю:й ії:ія ии:ия і:,а,о,е,ь,я е:,а,ь,о,я,й ви:ва,вь и:ь,я"
)
"""Endings of names in a case, each with those that the nominative may have."""
OBLIQUE = _read_endings("ові:ів,ов єві:їв,єв еві:ев,їв ську:ськ цьку:цьк ська:ськ цька:цьк рі:р,ро ті:т ске:ск цке:цк")
"""Endings that are no nominative's, behind a short word for a kind of place, which has no case itself."""
MOST_ALTERNATIVES = 8

KIND_WORDS = {
    "city": "місто г. город м. гор.; міста місті місту містом містами города городе городу городом городами",
    "town": "смт смт. пгт пгт. пос. селище посёлок поселок; селища селищі селищем посёлка посёлке поселка поселке",
    "village": "с. село дер. деревня хутор хутір нп н.п.; села селі селом сіл селами селе сёл деревни деревне деревней"
    " хутора хуторі хуторе населеного_пункту населеному_пункті населенного_пункта населённого_пункта",
    "airport": "; аеропорт аеропорту аеропорті аеропортом аэропорт аэропорта аэропорте аэропортом",
    "province": "провінція провинция; провінції провинции провінцію провинцию",
}
"""English words for a kind of place, each with those that stand before a name: in the nominative; in other cases."""
NEAR_WORDS = (
    *("біля", "коло", "поблизу", "неподалік від", "неподалік", "недалеко від", "навколо", "довкола", "за межами"),
    *("около", "возле", "вблизи", "близ", "недалеко от", "неподалёку от", "неподалеку от", "вокруг", "за пределами"),
    *("в районі", "у районі", "в районе", "в р-ні", "в р-не"),
)
OUTSKIRTS = (
    "околиця околиці околицю околицях околицею передмістя передмісті передмістях окраїна окраїні окраїнах окраина"
    " окраине окраины окраинах окрестности окрестностях пригород пригороды пригороде пригородах"
)
BESIDE_WORDS = ("під", "под", "поряд з", "поряд із", "поруч з", "поруч із", "рядом с", "рядом со")
"""What says that a place is near another: before a genitive ("at the outskirts of" too), and an instrumental."""
ROAD_WORDS = (
    "траса траси трасі трасу дорога дороги дорозі дорогу автодорога шлях шляху автошлях автошляху шосе трасса трассы"
    " трассе трассу дороге шоссе автострада автостради автостраді автострады автостраде напрямок напрямку направление"
    " направлении"
)
"""Roads before the names of their ends, which a hyphen may join."""
_ROADS = (
    r"(?:авто)?(?:трас|доро[гз]|шлях|шос|страд|маршрут|залізниц|колі|напрям|направлен|потяг|поїзд|поезд|ліні|лини)\w{0,4}"
    r"(?: фронт[уа]| розмежування)?"
)
SIDE_WORDS = "північ півночі південь півдні схід сході захід заході север севере юг юге восток востоке запад западе"
"""Sides of a town, before its name."""
FURTHER_WORDS = "північніше південніше східніше західніше севернее южнее восточнее западнее"
"""Comparatives of the points of the compass."""
SMALL_WORDS = (
    "у во від от між между центр центрі центру центре частина частині часть части та і й и р н"
    " район району районі района районе області области обл"
)
_PHRASES = (*NEAR_WORDS, *BESIDE_WORDS, *KIND_WORDS.values(), ROAD_WORDS, OUTSKIRTS, SIDE_WORDS, FURTHER_WORDS)
TELLING_WORDS = tuple(re.split(r"[ ;_]+", " ".join((*_PHRASES, SMALL_WORDS))))
"""Words without one of which a text has none of these wordings."""


def _any_of(words: str | Iterable[str]) -> str:
    words = words.split() if isinstance(words, str) else words
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_CAPITAL = "(?-i:[А-ЯЄІЇҐЁA-Z])"
_UNIT_BEHIND = r" (?:област|обл\b|район|р-н|громад)"
_NAME = rf"{_CAPITAL}[\w'’ʼ\u0301-]*(?: {_CAPITAL}[\w'’ʼ\u0301-]*){{0,2}}(?![\w'’ʼ\u0301-]|{_UNIT_BEHIND})"
_AND = "(?:та|і|й|и)"
_KINDS = {w.replace("_", " "): kind for kind, words in KIND_WORDS.items() for w in words.replace(";", " ").split()}
_NOMINATIVE = {word for words in KIND_WORDS.values() for word in words.split(";")[0].split()}
_KIND = rf"(?P<kind>{_any_of(_KINDS)})(?:(?<=\.) ?| )"
_ANY_KIND = rf"(?:(?:{_any_of(_KINDS)})(?:(?<=\.) ?| ))?"
_NAMES = rf"(?P<name>{_NAME}(?: {_AND} {_NAME})*)"
_POINTS = {"north": r"\b(?:північ|півн|север)", "south": r"\b(?:півд|юг|юж)", "east": r"\b(?:сх[іо]д|восто)"}
_POINTS["west"] = r"\b(?:зах[іо]д|запад)"
_N, _S, _E, _W = (rf"{stems}\w*" for stems in _POINTS.values())
_POINT = rf"(?P<point>(?:{_N}|{_S})(?:[ -](?:{_E}|{_W}))?|{_E}|{_W})"
_OF = rf"(?:(?:на|к) )?{_POINT}(?:(?:(?<=іше)|(?<=нее))(?: (?:від|от))?| (?:від|от))"
_KM = (
    r"(?:(?:приблизно|близько|примерно|около) )?(?P<number>\d+(?:[.,]\d+)?(?: ?[-–] ?\d+(?:[.,]\d+)?)?)"
    r" ?(?P<unit>км|к[іи]лометр\w*|метр\w*|м)\b\.?"
)
_IN = r"(?:(?:на|у|в) )?"
_START = r"(?<![\w'’ʼ\u0301-])"
_SPOT = rf"(?:{_KIND})?{_NAMES}"
_DASH = r"(?: ?[–—] ?| - )"
_ROAD = (
    rf"{_START}(?:на |у |в )?{_ROADS} "
    rf"(?:[A-ZА-Я]{{1,2}}-?\d[\d-]*,? )?(?:(?P<a>{_NAME})"
    rf"(?:{_DASH}{_NAME})*{_DASH}(?P<b>{_NAME})|(?P<c>{_CAPITAL}[^\W-]*)-(?P<d>{_CAPITAL}[\w'’ʼ]*)(?![\w-]))"
)
_BETWEEN = rf"{_START}(?:між|между) {_ANY_KIND}(?P<a>{_NAME}) {_AND} {_ANY_KIND}(?P<b>{_NAME})"
_WHOLE = (
    rf"(?P<before>^(?:[ув] )?|(?:(?P<word>{_CAPITAL}[\w'’ʼ\u0301-]*)|(?<=район)|,) (?:[ув] )?)"
    r"(?P<stem>[^\W\d_][\w'’ʼ\u0301-]*[сцз]ь?к)(?P<end>ої|ій|ой|ого|ому|ом)"
    r" (?:(?P<oblast>обл(?:аст\w*|\b\.?))|район\w*|р-н\b\.?)"
)
_NEAR_BEHIND = rf"^(?P<name>{_NAME})(?: ?[,(] ?| {_AND} )(?:{_any_of(OUTSKIRTS)}|поблизу|неподалік|вблизи)\)?$"
_BEFORE_NAMES = (
    (rf"(?:(?:за|в|у|на відстані|на расстоянии) )?{_KM} (?:{_OF}|від|от)", "{number} {unit} {of} {name}", GENITIVE),
    (_OF, "{of} {name}", GENITIVE),
    (rf"{_any_of(NEAR_WORDS)}|(?:^|(?<=[,(] ))(?:район|р-н)", "near {name}", GENITIVE),
    (rf"{_IN}(?:(?:{_N}|{_S}|{_E}|{_W}) )?(?:{_any_of(OUTSKIRTS)})", "outskirts of {name}", GENITIVE),
    (_any_of(BESIDE_WORDS), "near {name}", INSTRUMENTAL),
    (rf"{_IN}(?P<point>{_any_of(SIDE_WORDS)})", "{point} part of {name}", GENITIVE),
    (rf"{_IN}{_POINT} (?:частин[аиіу]|част[ьи])", "{point} part of {name}", GENITIVE),
    (rf"{_IN}центр[іеу]?", "center of {name}", GENITIVE),
    (r"(?:на |у |в )?(?:напрям(?:ок|ку)|направлени[еи])", "{name} direction", GENITIVE),
    (r"у(?= \S+[аяыи](?![\w'’ʼ\u0301-]))", "near {name}", GENITIVE),
    ("[ув]|во", "in {name}", LOCATIVE),
)
_RULES: tuple[tuple[str, str, Mapping[str, list[str]]], ...] = (
    (rf"{_START}(?:(?:за|в|у) )?{_KM} (?:(?:на|к) )?{_POINT}(?=\)?$)", "{number} {unit} {point}", {}),
    (rf"(?<=[иіы]й )(?:район|р-н) {_SPOT}", "район, {name}", GENITIVE),
    *((rf"{_START}(?:{words}) {_SPOT}", english, endings) for words, english, endings in _BEFORE_NAMES),
)
_KIND_NAMED = rf"(?:^|(?<=[,;(] )|{_START}(?-i:(?=[а-яіїє]))){_KIND}{_NAMES}"


def put_into_english(text: str) -> str:
    """Return a Ukrainian or Russian place text with these wordings in English."""
    whole = _compile(_WHOLE)
    text = whole.sub(_say_whole, whole.sub(_say_whole, text))
    text = _compile(_ROAD).sub(lambda found: f"between {found['a'] or found['c']} and {found['b'] or found['d']}", text)
    text = _compile(_BETWEEN).sub(_say_between, text)
    text = _compile(_NEAR_BEHIND).sub(r"outskirts of \g<name>", text)
    for pattern, english, endings in _RULES:
        text = _compile(pattern).sub(partial(_say, english, endings), text)
    text = _compile(_KIND_NAMED).sub(_say_kind, text)
    return re.sub(rf" {_AND} (?=[А-ЯЄІЇҐЁ]|north|south|east|west)", " and ", text)


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    """Return a pattern; it takes long, and most lists need none."""
    return re.compile(pattern, re.IGNORECASE)


def list_nominatives(name: str, endings: Mapping[str, list[str]]) -> list[str]:
    """Return a name that stands in a case, and behind it the nominatives that it may be of by ``endings``."""
    words = []
    for word in name.split():
        lower = word.casefold()
        ending = next((e for e in endings if lower.endswith(e) and len(word) > len(e)), "")
        words.append([word[: -len(ending)] + nominative for nominative in endings[ending]] if ending else [word])
    return [*dict.fromkeys([name, *map(" ".join, islice(product(*words), MOST_ALTERNATIVES))])]


def _say(english: str, endings: Mapping[str, list[str]], found: re.Match[str]) -> str:
    said = found.groupdict()
    point = "-".join(p for p, stems in _POINTS.items() if re.search(stems, said.get("point") or "", re.IGNORECASE))
    kind = f" {_KINDS[said['kind'].casefold()]}" if said.get("kind") else ""
    names = " and ".join(
        "/".join(form + kind for form in list_nominatives(name, endings))
        for name in (re.split(f" {_AND} ", said["name"]) if said.get("name") else [])
    )
    unit = "km" if (said.get("unit") or "").casefold().startswith("к") else "m"
    of = f"{point} of" if point else "from"
    return english.format(name=names, point=point, of=of, unit=unit, number=said.get("number"))


def _say_kind(found: re.Match[str]) -> str:
    return _say("{name}", OBLIQUE if found["kind"].casefold() in _NOMINATIVE else GENITIVE, found)


def _say_between(found: re.Match[str]) -> str:
    a, b = ("/".join(list_nominatives(found[end], INSTRUMENTAL)) for end in ("a", "b"))
    return f"between {a} and {b}"


def _say_whole(found: re.Match[str]) -> str:
    """Return the unit in the nominative, behind a comma; as it is behind a word that is no name."""
    if found["word"] and found["word"].casefold() in TELLING_WORDS:
        return found[0]
    end = ("ая" if found["end"] == "ой" else "а") if found["oblast"] else "ий"
    before = f"{found['word'] or ''}, " if found.start() or found["word"] else ""
    return f"{before}{found['stem']}{end} {'область' if found['oblast'] else 'район'}"
