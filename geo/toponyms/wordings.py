"""Wordings of lists in other languages, put into those that `geo.toponyms.place_text` reads.

French, Spanish and Portuguese become English: "à 15 km au nord de Ménaka" is "15 km north of Ménaka", "vereda La Paz,
municipio de Tumaco" is "La Paz village, Tumaco district". Arabic gets commas where a part ends and its whole begins:
"الباغوز التابعة لناحية السوسة" is "الباغوز، ناحية السوسة". Names stay as they are.
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
    "cerca",
    "(?:en |a )?las? (?:afueras|cercanías|inmediaciones|proximidades)",
    "perto",
    "próximo",
    "nos arredores",
)
"""What says that a place is near another, before "of"."""
TELLING_WORDS = (
    *("de", "du", "des", "del", "do", "da", "dos", "das", "entre", "dans"),
    *("près", "proche", "loin", "proximité", "environs", "alentours", "abords", "cerca", "perto"),
    *BARE_WORDS,
)
"""Words without one of which a text has none of these wordings."""
BELONGING_WORDS = ("التابعة", "التابعه", "التابع", "تابعة", "تابعه", "تابع")
"""Arabic for belonging, between a part and its whole."""
DUAL_WORDS = ("قريتي", "بلدتي", "مدينتي", "منطقتي", "ناحيتي", "حيي")
"""Arabic for two villages and the like, before their names."""
SITE_ADJECTIVES = ("الحدودي", "العسكري", "الدولي", "المدني", "الحربي", "للاجئين", "للنازحين", "الفلسطينيين")
"""What Arabic says of an airport, a crossing or a camp behind its name."""
CITIES = (
    *("حلب", "حمص", "حماة", "إدلب", "ادلب", "درعا", "دمشق", "دير الزور", "طرطوس", "منبج", "تدمر"),
    *("بغداد", "كركوك", "تكريت", "سامراء", "ديالى", "نينوى", "كربلاء", "أربيل", "دهوك"),
    *("صنعاء", "صعدة", "مأرب", "تعز", "عدن", "إب", "ذمار", "عمران", "حجة", "شبوة", "لحج", "أبين"),
    *("طرابلس", "بنغازي", "درنة", "سرت", "سبها", "مصراتة", "غزة", "رفح", "خانيونس", "خان يونس", "جنين", "نابلس"),
    *("نيالا", "كادوقلي", "شمال دارفور", "جنوب دارفور", "غرب دارفور", "وسط دارفور", "شرق دارفور", "جنوب كردفان"),
    *("بيروت", "صيدا", "صور", "بعلبك", "جنوب لبنان"),
)
"""Cities and governorates behind the letter for "in", with which other names begin."""
CITY_BEHIND = "المدينة"
"""What Arabic says behind the name of a city, to tell it from its province."""
ARABIC_TELLING_WORDS = (*BELONGING_WORDS, *DUAL_WORDS, *SITE_ADJECTIVES, CITY_BEHIND)
"""Words without one of which, or a word that begins with "in", an Arabic text has none of these wordings."""
DEMONYMS = (
    *("syrian", "iraqi", "turkish", "iranian", "jordanian", "lebanese", "saudi", "kuwaiti", "israeli", "palestinian"),
    *("yemeni", "libyan", "egyptian", "sudanese", "afghan", "pakistani", "ukrainian", "russian", "kurdish"),
)
"""What is of a country or people, and names no place: the Somali Region is one."""
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
_KINDS_OF = rf"city|town|village|suburb|port|camp|{_UNITS}"
_SPELT_OUT = (
    (re.compile(r"\bb/w\b", re.IGNORECASE), "between"),
    (re.compile(rf"^(?:{_EPITHET} )+(?=(?:{_KINDS_OF}) of (?:the )?\w)", re.IGNORECASE), ""),
    (re.compile(rf"^(?:(?i:{_EPITHET}) )*capital (?:city )?(?:of )?(?!(?i:{_KINDS_OF})\b)(?=[A-Z])"), ""),
    (re.compile(rf"^(?:the )?(?:{_HELD} )+(?=\w)", re.IGNORECASE), ""),
    (
        re.compile(
            rf"(?P<before>^|[,;(] ?|\b(?:in|of|from|within) )(?:the )?(?P<sub>sub)?-?(?P<kind>{_UNITS}) of (?:the )?"
            r"(?P<name>[^,;()]*[^,;() ])",
            re.IGNORECASE,
        ),
        r"\g<before>\g<name> \g<sub>\g<kind>",
    ),
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
)
"""English short forms and turns of phrase, each with what says the same."""
_SIDE_OF = rf"(?:(?:just|immediately) )?(?:{_SIDES}) of [^,;]+?"
TWO_SIDES = re.compile(rf"^{_SIDE_OF}(?:, | and |, and |, but | but ){_SIDE_OF}$", re.IGNORECASE)
"""A side of each of two places, as "south of Kirkuk, north of Baghdad": somewhere that neither tells."""

_ARABIC = re.compile(r"[\u0621-\u064a]")
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
_AWAY = re.compile(rf"(?:\b[aà] )?(?:environ |unos )?{_NUMBER} (?:environ )?{_OF}", re.IGNORECASE)
_PARTS = (
    (re.compile(rf"\b(?:casco urbano|cabecera municipal|centre-ville|centro) {_OF}", re.IGNORECASE), "center of "),
    (re.compile(rf"\b(?:zona rural|área rural) {_OF}", re.IGNORECASE), "countryside of "),
)
_NEAR = re.compile(rf"\b(?:{'|'.join(NEAR_WORDS)}) (?:{_OF}|au |à )", re.IGNORECASE)
_BETWEEN = re.compile(r"\bentre (?P<a>[^,;]+?) (?:et|y|e) (?P<b>[^,;]+)", re.IGNORECASE)
_INSIDE = re.compile(r",? (?:dans (?:les? |la |l['’] ?)?|(?:à|en|em|no|na) (?=[A-ZÀ-Ý]))")
_NAME = r"(?P<name>[^,،;:()]+?)(?= *(?:$|[,،;:()]))"
_KIND = re.compile(
    rf"\b{_ARTICLE}(?:(?P<kind>{'|'.join(_KINDS)}) {_OF}|(?P<bare>{'|'.join(BARE_WORDS)}) ){_NAME}",
    re.IGNORECASE,
)
_BELONGING = re.compile(rf",? (?:{'|'.join(BELONGING_WORDS)}) (?:[إا]لى |ل(?:ـ ?)?(?P<article>ل)?)")
_DUAL = re.compile(rf"\b(?:{'|'.join(DUAL_WORDS)}) ")
_SITES = "(?:مطار|معبر|مخيم|قاعدة|ميناء|حاجز|مشفى|مستشفى|طريق|أوتوستراد|اوتوستراد)"
_ADJECTIVES = re.compile(rf"^(?P<site>{_SITES} [^،,]+?)(?: (?:{'|'.join(SITE_ADJECTIVES)}))+(?=$|[،,])")
_CITY = re.compile(
    rf"^(?P<name>(?!(?:حي|ناحية|قضاء|مديرية|منطقة|محافظة|شارع) {CITY_BEHIND})[^،,]+?) {CITY_BEHIND}(?=$|[،,])"
)
_IN_CITY = re.compile(
    r"^(?P<part>(?:حي|حارة|شارع|دوار|سوق|مشفى|مستشفى|مدرسة|جامع|مسجد|مديرية|ناحية|قضاء|منطقة|بلدة|قرية|مدينة) [^،,]+)"
    rf" ب(?P<city>ال\w{{3,}}(?: ال\w+)*|(?:{'|'.join(CITIES)}))(?=$|[،,])"
)
_COUNTRYSIDES = (
    (re.compile(r"(?<!محافظة )ريف دمشق(?: (?:ال)?(?:شمالي|جنوبي|شرقي|غربي))*"), "محافظة ريف دمشق"),
    (
        re.compile(
            r"\b(?:the )?(?:(?:north|south|east|west)\w* )*"
            r"(?:countryside of damascus|damascus(?:['’]s?)? (?:(?:north|south|east|west)\w* )?countryside)\b",
            re.IGNORECASE,
        ),
        "Rif Dimashq governorate",
    ),
)
"""The countryside of Damascus, which is a governorate of its own, and what makes that plain."""
_IN_UNIT = re.compile(r" ب(?=(?:ريف|محافظة|مدينة|بلدة|قرية|منطقة|ناحية|قضاء|مديرية|ولاية|ضواحي|محيط) )")


def reword(text: str) -> str:
    """Return a place text in wordings that are read."""
    text = part_arabic(text) if not text.isascii() and _ARABIC.search(text) else put_into_english(spell_out(text))
    for pattern, unit in _COUNTRYSIDES:
        text = pattern.sub(unit, text)
    return text


def part_arabic(text: str) -> str:
    """Return an Arabic place text with a comma where a whole begins, without what stands beside names."""
    text = _BELONGING.sub(lambda found: "، ال" if found["article"] else "، ", text)
    text = _IN_UNIT.sub("، ", _DUAL.sub("", text))
    text = _CITY.sub(r"\g<name>", _ADJECTIVES.sub(r"\g<site>", text))
    return _IN_CITY.sub(r"\g<part>، \g<city>", text)


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


def put_into_english(text: str) -> str:
    """Return a French, Spanish or Portuguese place text with these wordings in English."""
    if not _TELLING.search(text):
        return text
    text = _DIRECTED.sub(_say_direction, text)
    text = _AWAY.sub(r"\g<number> km from ", text)
    text = _NEAR.sub("near ", text)
    for pattern, english in _PARTS:
        text = pattern.sub(english, text)
    text = _BETWEEN.sub(r"between \g<a> and \g<b>", text)
    return _KIND.sub(_say_kind, _INSIDE.sub(", ", text))


def _say_direction(found: re.Match[str]) -> str:
    point = _POINTS[found["point"].casefold().replace(" ", "-")]
    return f"{found['number']} km {point} of " if found["number"] else f"{point} of "


def _say_kind(found: re.Match[str]) -> str:
    return f"{found['name']} {_KINDS[(found['kind'] or found['bare']).casefold()]}"
