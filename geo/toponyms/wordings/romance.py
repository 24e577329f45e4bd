"""French, Spanish and Portuguese place texts in English.

"à 15 km au nord de Ménaka" is "15 km north of Ménaka", "vereda La Paz, municipio de Tumaco" is "La Paz village, Tumaco
district". Names stay as they are.
"""

from __future__ import annotations

import re

KIND_WORDS = {
    "village": "village localité hameau bourg vereda caserío corregimiento aldea aldeia povoado",
    "city": "ville",
    "camp": "camp campamento acampamento",
    "neighbourhood": "quartier barrio bairro",
    "district": "cercle territoire département commune préfecture sous-préfecture municipio distrito município",
    "province": "région province provincia departamento província",
    "airport": "aéroport aeropuerto aeroporto",
    "hospital": "hôpital hospital",
    "market": "marché mercado",
    "school": "école escuela escola",
}
"""English words for a kind of place, each with those that stand before a name for it: "village de Boni"."""
BARE_WORDS = ("localité", "hameau", "quartier", "vereda", "corregimiento", "caserío", "barrio", "bairro")
"""Those that a name may follow at once: "quartier Badala"."""
COMPASS_WORDS = {
    "north-east": "nord-est noreste nordeste nororiente",
    "north-west": "nord-ouest noroeste noroccidente",
    "south-east": "sud-est sureste sudeste suroriente",
    "south-west": "sud-ouest suroeste sudoeste suroccidente",
    "north": "nord norte",
    "south": "sud sur sul",
    "east": "est este leste oriente",
    "west": "ouest oeste occidente",
}
NEAR_WORDS = (
    "près",
    "proche",
    "non loin",
    "à proximité",
    "à côté",
    "(?:aux |dans les )?(?:environs|alentours|abords)",
    "(?:(?:à|dans|en) )?(?:la |l['’])?(?:périphérie|banlieue|sortie|entrée)",
    "autour",
    "cerca",
    "(?:en |a )?las? (?:afueras|cercanías|inmediaciones|proximidades)",
    "perto",
    "próximo",
    "nos arredores",
)
"""What says that a place is near another, before "of"."""
_TENS = {"dizaine": 10, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "quarantaine": 40, "cinquantaine": 50}
ROADS = ("tronçon", "piste", "trajet", "convoi", "nationale", r"rn ?\d+")
"""What goes from one place to another, before the names of both."""
TELLING_WORDS = (
    *("de", "du", "des", "del", "do", "da", "dos", "das", "entre", "dans"),
    *("près", "proche", "loin", "proximité", "environs", "alentours", "abords", "cerca", "perto"),
    *("périphérie", "banlieue", "sortie", "entrée", "autour", "ville", "km", "kilomètres", "l'axe", "l’axe"),
    *(*BARE_WORDS, *ROADS),
)
"""Words without one of which a text has none of these wordings."""

_OF = r"(?:de (?-i:(?:la|los|las) |l['’] ?)?|del |du |des |d[oa]s? |d['’] ?)"
_ARTICLE = r"(?:(?:le|la|les|el|los|las|o|os|as) |l['’] ?)?"
_TELLING = re.compile(rf"\b(?:{'|'.join(TELLING_WORDS)}|d['’])\b", re.IGNORECASE)
_POINTS = {word: english for english, words in COMPASS_WORDS.items() for word in words.split()}
_POINT = "|".join(sorted(_POINTS, key=len, reverse=True)).replace("-", "[- ]")
_KINDS = {word: english for english, words in KIND_WORDS.items() for word in words.split()}
_NUMBER = r"(?P<number>\d+(?:[.,]\d+)?) ?(?:km|kilom[eè]tres?|(?:k|qu)il[oóô]metros?)"
_TO = r"(?:\b(?:au|à la|à|al|ao|a la|a) |\bà l['’] ?)"
_DIRECTED = re.compile(
    rf"(?:(?:\b[aà] )?(?:environ |unos )?{_NUMBER} (?:environ )?{_TO}?|{_TO}|(?:^|(?<=[,;(] ))(?!norte|este))\b"
    rf"(?P<point>{_POINT}) {_OF}",
    re.IGNORECASE,
)
_DOZENS = re.compile(rf"\b(?:une )?(?P<tens>{'|'.join(_TENS)}) de (?=k)", re.IGNORECASE)
_BEHIND = re.compile(rf"(?:\b[aà] )?(?:environ )?{_NUMBER} {_TO}(?P<point>{_POINT})(?= *(?:$|\)))", re.IGNORECASE)
_ROAD = re.compile(rf"^(?:sur )?(?:la |le |l['’])?(?:{'|'.join(ROADS)}) (?=\S.* [-–—] \S)", re.IGNORECASE)
_AWAY = re.compile(rf"(?:\b[aà] )?(?:environ |unos )?{_NUMBER} (?:environ )?{_OF}", re.IGNORECASE)
_PARTS = (
    (re.compile(r" ville$"), " city"),
    (re.compile(rf"\b(?:casco urbano|cabecera municipal|centre-ville|centro) {_OF}", re.IGNORECASE), "center of "),
    (re.compile(rf"\b(?:zona rural|área rural) {_OF}", re.IGNORECASE), "countryside of "),
)
_NEAR = re.compile(rf"\b(?:{'|'.join(NEAR_WORDS)}) (?:{_OF}|au |à )", re.IGNORECASE)
_BETWEEN = re.compile(r"\bentre (?P<a>[^,;]+?) (?:et|and|y|e) (?P<b>[^,;]+)", re.IGNORECASE)
_INSIDE = re.compile(r",? (?:dans (?:les? |la |l['’] ?)?|(?:à|en|em|no|na) (?=[A-ZÀ-Ý]))")
_NAME = r"(?P<name>[^,،;:()]+?)(?= *(?:$|[,،;:()]))"
_KIND = re.compile(
    rf"\b{_ARTICLE}(?:(?P<kind>{'|'.join(_KINDS)}) {_OF}|(?P<bare>{'|'.join(BARE_WORDS)}) ){_NAME}",
    re.IGNORECASE,
)


def put_into_english(text: str) -> str:
    """Return a French, Spanish or Portuguese place text with these wordings in English."""
    if not _TELLING.search(text):
        return text
    text = _DOZENS.sub(lambda found: f"{_TENS[found['tens'].casefold()]} ", _ROAD.sub("road ", text))
    text = re.sub(r"\bsitu[ée]e?s? (?=[àa] )", "", text)
    text = _BEHIND.sub(lambda found: f"{found['number']} km {_find_point(found)}", text)
    text = _DIRECTED.sub(_say_direction, text)
    text = _AWAY.sub(r"\g<number> km from ", text)
    text = _NEAR.sub("near ", text)
    for pattern, english in _PARTS:
        text = pattern.sub(english, text)
    text = _BETWEEN.sub(r"between \g<a> and \g<b>", text)
    return _KIND.sub(_say_kind, _INSIDE.sub(", ", text))


def _find_point(found: re.Match[str]) -> str:
    return _POINTS[found["point"].casefold().replace(" ", "-")]


def _say_direction(found: re.Match[str]) -> str:
    point = _find_point(found)
    return f"{found['number']} km {point} of " if found["number"] else f"{point} of "


def _say_kind(found: re.Match[str]) -> str:
    return f"{found['name']} {_KINDS[(found['kind'] or found['bare']).casefold()]}"
