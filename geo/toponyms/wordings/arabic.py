"""Arabic place texts with a comma where a part ends and its whole begins.

"الباغوز التابعة لناحية السوسة" is "الباغوز، ناحية السوسة". Names stay as they are.
"""

from __future__ import annotations

import re

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
TELLING_WORDS = (*BELONGING_WORDS, *DUAL_WORDS, *SITE_ADJECTIVES, CITY_BEHIND)
"""Words without one of which, or a word that begins with "in", an Arabic text has none of these wordings."""

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
_RIF_DIMASHQ = re.compile(r"(?<!محافظة )ريف دمشق(?: (?:ال)?(?:شمالي|جنوبي|شرقي|غربي))*")
"""The countryside of Damascus, which is a governorate of its own."""
_IN_UNIT = re.compile(r" ب(?=(?:ريف|محافظة|مدينة|بلدة|قرية|منطقة|ناحية|قضاء|مديرية|ولاية|ضواحي|محيط) )")


def part_wholes(text: str) -> str:
    """Return an Arabic place text with a comma where a whole begins, without what stands beside names."""
    text = _BELONGING.sub(lambda found: "، ال" if found["article"] else "، ", text)
    text = _IN_UNIT.sub("، ", _DUAL.sub("", text))
    text = _CITY.sub(r"\g<name>", _ADJECTIVES.sub(r"\g<site>", text))
    text = _IN_CITY.sub(r"\g<part>، \g<city>", text)
    return _RIF_DIMASHQ.sub("محافظة ريف دمشق", text)
