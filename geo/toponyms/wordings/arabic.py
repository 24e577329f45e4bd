"""Arabic place texts in the few wordings that are read, with a comma where a part ends and its whole begins.

"الباغوز التابعة لناحية السوسة" is "الباغوز، ناحية السوسة", "على أطراف مدينة تدمر" is "قرب مدينة تدمر". Names stay as
they are.
"""

from __future__ import annotations

import re

BELONGING_WORDS = ("التابعة", "التابعه", "التابع", "تابعة", "تابعه", "تابع")
"""Arabic for belonging, between a part and its whole."""
DUAL_WORDS = (
    *("قريتي", "بلدتي", "مدينتي", "منطقتي", "ناحيتي", "حيي", "محافظتي", "مديريتي", "ولايتي", "محليتي", "مخيمي", "ريفي"),
    *("كل من", "كلا من"),
)
"""Arabic for two villages and the like, and for each of several, before their names."""
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
EDGE_WORDS = ("محيط", "أطراف", "اطراف", "مشارف", "تخوم", "ضواحي", "نواحي")
NEAR_WORDS = ("مقربة", "جوار", "بجانب", "حول", "خارج", "مدخل", "مداخل", "مقابل")
"""What says that a place is at the edge of another, or beside it, before its name; "قرب" too, however it is spelt."""
BESIDE_WORDS = ("المحيطة", "القريبة", "المجاورة", "المتاخمة", "المؤدي", "المؤدية")
"""The same said of villages, fields or a road before the name, with a preposition between."""
COUNTRYSIDE_WORDS = ("ريف", "بادية", "صحراء")
_TENS = "عشر عشرين ثلاثين أربعين خمسين ستين سبعين ثمانين تسعين"
NUMBER_WORDS = {
    **{word: 10 * at for at, word in enumerate(_TENS.split(), 1)},
    **{word.replace("ين", "ون"): 10 * at for at, word in enumerate(_TENS.split(), 1)},
    **dict.fromkeys(("مئة", "مائة"), 100),
    "خمسة": 5,
    "عشرة": 10,
    "اربعين": 40,
}
"""Numbers of kilometres as words."""
MOVING_WORDS = (
    "متجه",
    "متوجه",
    "نازحين من",
    "نازحون من",
    "مهجري",
    "قادم",
    "طريقهم",
    "بعيدا",
    "قبالة",
    "باتجاه",
    "عرض البحر",
)
"""Beginnings of what tells that somebody or something is on its way, or away from what is named."""
PEOPLES = "سوري|عراقي|تركي|إيراني|ايراني|أردني|اردني|لبناني|سعودي|إسرائيلي|اسرائيلي|فلسطيني|يمني|ليبي|مصري|سوداني"
"""What is of a country: its borders are nowhere in particular."""
TELLING_WORDS = (
    *(*BELONGING_WORDS, *DUAL_WORDS, *SITE_ADJECTIVES, CITY_BEHIND, *BESIDE_WORDS, *COUNTRYSIDE_WORDS, "العاصمة"),
    *(a + word for word in ("قرب", *EDGE_WORDS, *NEAR_WORDS) for a in ("", "ب", "بال", "ال")),
    *("كل", "كلا", "على", "حدود", "الحدود", "شرقا", "غربا", "شمالا", "جنوبا"),
)
"""Words without one of which, or a word that begins with "in", an Arabic text has none of these wordings."""

_MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")
"""Signs of vowels, and what draws a letter out."""
_PERSIAN_LETTERS = str.maketrans("یک", "يك")
_WAY = r"(?:شمال|جنوب|شرق|غرب)"
_KINDS = "حقل|قرية|منطقة|موقع|بلدة|نقطة|مكان|مزارع|قرى|مناطق|بلدات|مواقع"
_NEAR = rf"(?:ب?ا*ل?قرب|ب?(?:{'|'.join((*EDGE_WORDS, *NEAR_WORDS))}))"
_NO_KIND = "".join(f"(?<!{kind} )" for kind in ("قرية", "بلدة", "مدينة", "مخيم", "ناحية"))
_KM = r"(?:كيلو ?متر(?:ا|ات)?|كلم|ك\. ?م\.?|كم)\b"
_NUMBER_WORD = re.compile(rf"\b({'|'.join(NUMBER_WORDS)})(?= {_KM})")
_END = r"(?= *(?:$|[،,)]))"
_BEHIND = re.compile(
    rf"^(?P<name>[^،,(:/-]+?)(?: ?[،,:/]| -| \() ?(?:ال)?(?P<near>ريف|قرب|خارج|{'|'.join(EDGE_WORDS)})"
    rf"(?: المدينة| ال{_WAY}ي[ةه]?)?\)?$"
)
_REWORDED = (
    (re.compile(rf"\b({_WAY})ى\b"), r"\1ي"),
    (re.compile(rf"\b({_WAY})ا\b"), r"\1"),
    (re.compile(rf"\b({_WAY}ي?) و(?={_WAY})"), r"\1 "),
    (re.compile(rf"(?:\b(?:إلى|الى|من|في|نحو|جهة) )+ال({_WAY})(?: ال({_WAY})ي?)? (?:من |ل)"), r"\1 \2 "),
    (re.compile(rf"\b({_WAY}(?: {_WAY})?ي?) +(?:من|عن) (?=\w)"), r"\1 "),
    (re.compile(rf"(?<=\d) ?{_KM}"), " كم"),
    (re.compile(r"(?:(?:\bو?[يت]بعد|\bعلى بعد|\bب?على مسافة|\bب?مسافة|\bب?حوالي|\bب?نحو|\bب?قرابة) )+(?=\d)"), ""),
    (re.compile(rf"^(?:(?:ال)?(?:{_KINDS}) (?=\d)|(?:مزارع|قرى|بلدات) (?={_WAY}))"), ""),
    (re.compile(rf"^(?P<name>{_WAY} .*?),? (?:ب ?)?(?P<km>\d[\d.,]* كم)$"), r"\g<km> \g<name>"),
    (re.compile(r"(?<!أمانة )(?<!امانة )(?<!محافظة )\bالعاصمة (?=\w)"), ""),
    (re.compile(rf"\b(?:\w+ )?(?:{'|'.join(BESIDE_WORDS)}) (?:ب|من |ل|إلى |الى )"), "قرب "),
    (
        re.compile(
            rf"{_NO_KIND}(?:\b(?:على|عند|في|من) )?\b{_NO_KIND}{_NEAR}(?: و{_NEAR})* (?:(?:من|عن|إلى|الى|ل) )?(?=\w)"
        ),
        "قرب ",
    ),
    (re.compile(rf"^(?P<name>[^،,]+?) و(?:محيطها?|[أا]طرافها?|ضواحيها?|جوارها?){_END}"), r"قرب \g<name>"),
    (re.compile(rf"^(?P<name>[^،,]+?) وريفها?{_END}"), r"ريف \g<name>"),
    (re.compile(rf"^ب(?={'|'.join(COUNTRYSIDE_WORDS)})"), ""),
    (re.compile(r"\bصحراء (?=مدينة )"), "بادية "),
    (_BEHIND, lambda found: ("ريف " if found["near"] == "ريف" else "قرب ") + found["name"]),
    (re.compile(r"^من (?P<a>[^،,]+?) (?:إلى|الى|حتى) (?P<b>[^،,]+)$"), r"بين \g<a> و \g<b>"),
)
"""Turns of phrase, each with what says the same and is read."""
_ROAD = re.compile(
    r"^(?:على |في )?(?:ال)?(?:طريق|خط|محور|[أا]?و?[تط]و?ستراد|قافلة)"
    r"(?: ال(?:دولي|ساحلي|عام|سريع|صحراوي|رئيسي|قديم|جديد|واصل|رابط|حربي))*(?: بين)? (?=\S.* [-–—] \S)"
)
"""A road, with what it is called, before its ends."""
_NOWHERE = re.compile(rf"\b(?:ال)?(?:{'|'.join(MOVING_WORDS)})|^(?:قرب|على حدود|(?:ال)?حدود مع|حدود) محافظة")
"""What is on its way somewhere, or outside a governorate: no place."""
_PEOPLE = rf"(?:ال)?(?:{PEOPLES})[ةه]?"
_BORDER = re.compile(
    r"(?:\b(?:على|عند|في) )?\b(?:ال)?(?:شريط )?(?:ال)?حدود(?:ية|ي)? "
    rf"(?:مع (?!محافظة)\w+|بين \w+ و ?\w+|{_PEOPLE}(?: ?[-–—/و]? ?{_PEOPLE})*)"
)
_BELONGING = re.compile(rf",? (?:{'|'.join(BELONGING_WORDS)}) (?:[إا]لى |ل(?:ـ ?)?(?P<article>ل)?)")
_DUAL = re.compile(rf"\b(?:{'|'.join(DUAL_WORDS)}) ")
_AND = re.compile(r" و(?=\w{3})")
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


def reword(text: str) -> str:
    """Return an Arabic place text in wordings that are read; an empty one where it names what the place is not at."""
    text = _MARKS.sub("", text).translate(_PERSIAN_LETTERS)
    text = _BELONGING.sub(lambda found: "، ال" if found["article"] else "، ", text)
    text = _BORDER.sub("Syrian border", _ROAD.sub("طريق ", text))
    text = _NUMBER_WORD.sub(lambda found: str(NUMBER_WORDS[found[1]]), text)
    for pattern, plain in _REWORDED:
        text = pattern.sub(plain, text)
    if _NOWHERE.search(text):
        return ""
    if _DUAL.search(text):
        text = _AND.sub(" و ", _DUAL.sub("", text))
    text = _IN_UNIT.sub("، ", text)
    text = _CITY.sub(r"\g<name>", _ADJECTIVES.sub(r"\g<site>", text))
    text = _IN_CITY.sub(r"\g<part>، \g<city>", text)
    return _RIF_DIMASHQ.sub("محافظة ريف دمشق", text).strip()
