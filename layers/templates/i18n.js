/* Words, numbers and dates in the reader's language. Nothing here comes from the data. */

const STRINGS = {
  en: {
    skip: "Skip to the figures",
    map: "Map of the incidents",
    panel: "Figures and filters",
    incidents: { one: "{n} incident", other: "{n} incidents" },
    inViewIncidents: { one: "incident in view", other: "incidents in view" },
    shownOf: "{shown} of {all} incidents shown",
    killed: "Civilians killed",
    children: "Children killed",
    women: "Women killed",
    men: "Men killed",
    injured: "Civilians injured",
    combatants: "Combatants killed",
    unknown: "unknown",
    unknownToll: { one: "toll unknown in {n} incident", other: "toll unknown in {n} incidents" },
    noneInView: "No incident of this selection in view",
    whoWhen: "By whom, and when",
    whoWhenHint: "Choose a number, a name or a month to see it alone; tick to show or hide.",
    actors: "Actors",
    month: "Month",
    allMonths: "All months",
    all: "All",
    showAll: "Show all",
    otherDates: "Longer than a month",
    otherDatesShort: "longer",
    total: "Total",
    showLayer: "Show {name}",
    only: "Only {name}",
    cell: "{name}, {month}: {n}",
    contested: "Contested: {names}",
    joint: "{names}, jointly",
    shared: "{names}",
    or: "or",
    and: "and",
    attribution: "Attribution",
    attributionContested: "Contested: either of them is said to be responsible",
    attributionJoint: "Joint: said to have acted together",
    attributionShared: "Several named; the source does not say whether together or as alternatives",
    attributionSole: "One actor named",
    attributionUnknown: "Nobody named",
    key: "Reading the map",
    keyOne: "One incident: shape and colour say whom the sources name",
    keySplit: "Several actors named: split in their colours",
    keyMany: "Several incidents too close to draw apart: their number, and the actors’ shares",
    keyRing: "The incident happened within this circle; its radius is how precisely the place is known",
    keyArea: "Known only to a district or governorate: drawn as that area",
    keyPrecisions: "Radius drawn: {list}",
    km: "{n} km",
    shade: "Shade governorates by",
    shadeNone: "Nothing",
    shadeIncidents: "Incidents",
    shadeKilledMin: "Civilians killed, minimum",
    shadeKilledMax: "Civilians killed, maximum",
    classAndMore: "{n} and more",
    stateZero: "None reported",
    stateUnknown: "Incidents, toll unknown",
    stateNotCovered: "Not covered by this list",
    filter: "Narrow down",
    search: "Search",
    searchHint: "Place, description, source, id …",
    grading: "Grading",
    gradings: { confirmed: "Confirmed", fair: "Fair", weak: "Weak", contested: "Contested", discounted: "Discounted" },
    notGraded: "Not graded",
    discountedHidden: { one: "{n} discounted record is left out", other: "{n} discounted records are left out" },
    discountedNone: "Discounted records are shown",
    precision: "Precision of the place",
    precisions: {
      exact: "Exact",
      street: "Street",
      neighbourhood: "Neighbourhood",
      village: "Village",
      town: "Town",
      city: "City",
      admin3: "Sub-district",
      admin2: "District",
      admin1: "Governorate",
      country: "Country",
      none: "Not placed",
    },
    eventType: "Type of event",
    notStated: "Not stated",
    atLeastKilled: "At least this many killed",
    reset: "Clear filters",
    unplaced: { one: "{n} incident is not on the map", other: "{n} incidents are not on the map" },
    unplacedNone: "Every incident is on the map",
    unplacedHint: "They count in every figure of this page but have no mark, because the place is not known well enough.",
    table: "Table",
    tableTitle: "Incidents in view",
    tableHint: "{shown} of {all}; sort by a heading, choose a row to read it",
    more: "Show more",
    copy: "Copy",
    copied: "Copied",
    copyLink: "Copy link",
    print: "Print",
    close: "Close",
    previous: "Previous",
    next: "Next",
    position: "{i} of {n}",
    date: "Date",
    place: "Place",
    governorate: "Governorate",
    listTitle: { one: "{n} incident here", other: "{n} incidents here" },
    zoomHere: "Zoom in here",
    andMore: "and {n} more",
    toll: "Toll",
    people: "People",
    claims: "Who says what",
    location: "Where, and how it was placed",
    coordinates: "Coordinates",
    mgrs: "MGRS as stated",
    placedWithin: "{precision}, within {km}",
    placedArea: "{precision}: drawn as the whole area",
    locatedBy: "Located by",
    confidence: "Confidence",
    note: "Note",
    statedAdmin: "Governorate as stated",
    joinedAdmin: "Governorate by location",
    adminDiffers: "The sources say {stated}; the place lies in {joined}, {km} from {stated}.",
    adminDiffersPlain: "The sources say {stated}; the place lies in {joined}.",
    district: "District",
    subdistrict: "Sub-district",
    country: "Country",
    joinedNear: "outside every region; {km} from this one",
    sources: "Sources",
    noSources: "No source given",
    related: "Related records",
    description: "Description",
    incidentId: "Incident",
    datePrecisionMonth: "day not known",
    datePrecisionLonger: "longer than a month: counted in no month",
    spansMonths: "counted once, in its first month",
    about: "How to read the figures",
    rule1:
      "Each incident is counted once. Where sources name several actors, the incident stands in a row of its own, so rows add up to the whole.",
    rule2:
      "A range is the sum of the lowest and of the highest figures. An incident whose toll is unknown adds to neither; unknown is never counted as 0.",
    rule3: "These are documented incidents, not all that happened.",
    period: "{from} – {to}",
    boundaries: "Boundaries: {source}{countries}.",
    boundariesFrom: "Boundaries: {source}{countries}, valid from {from}.",
    boundariesTo: "Boundaries: {source}{countries}, valid until {to}.",
    boundariesFromTo: "Boundaries: {source}{countries}, valid {from} – {to}.",
    boundariesOthers: { one: "{n} incident is from outside that time.", other: "{n} incidents are from outside that time." },
    drawnWith: "Drawn with Leaflet.",
    timeline: "Months",
    play: "Play month by month",
    pause: "Pause",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    fit: "Show all",
    rows: { one: "{n} other actor set", other: "{n} other actor sets" },
    copyFailed: "Press Ctrl+C to copy",
  },
  ar: {
    skip: "انتقل إلى الأرقام",
    map: "خريطة الحوادث",
    panel: "الأرقام والمرشحات",
    incidents: { zero: "لا حوادث", one: "حادثة واحدة", two: "حادثتان", few: "{n} حوادث", many: "{n} حادثة", other: "{n} حادثة" },
    inViewIncidents: { few: "حوادث في النطاق المعروض", other: "حادثة في النطاق المعروض" },
    shownOf: "تُعرض {shown} من أصل {all} حادثة",
    killed: "القتلى المدنيون",
    children: "القتلى الأطفال",
    women: "القتيلات النساء",
    men: "القتلى الرجال",
    injured: "الجرحى المدنيون",
    combatants: "القتلى المقاتلون",
    unknown: "غير معروف",
    unknownToll: { two: "الحصيلة غير معروفة في حادثتين", one: "الحصيلة غير معروفة في حادثة واحدة", few: "الحصيلة غير معروفة في {n} حوادث", other: "الحصيلة غير معروفة في {n} حادثة" },
    noneInView: "لا حادثة من هذا الاختيار في النطاق المعروض",
    whoWhen: "من، ومتى",
    whoWhenHint: "اختر رقماً أو اسماً أو شهراً لعرضه وحده؛ استعمل مربع الاختيار للإظهار والإخفاء.",
    actors: "الأطراف",
    month: "الشهر",
    allMonths: "كل الأشهر",
    all: "الكل",
    showAll: "عرض الكل",
    otherDates: "أطول من شهر",
    otherDatesShort: "أطول",
    total: "المجموع",
    showLayer: "إظهار {name}",
    only: "{name} فقط",
    cell: "{name}، {month}: {n}",
    contested: "متنازع عليه: {names}",
    joint: "{names}، معاً",
    shared: "{names}",
    or: "أو",
    and: "و",
    attribution: "المسؤولية",
    attributionContested: "متنازع عليها: يُنسب الهجوم إلى أحدهم",
    attributionJoint: "مشتركة: يُقال إنهم نفذوه معاً",
    attributionShared: "سُمّيت عدة أطراف دون بيان هل نفذته معاً أم هو أحدها",
    attributionSole: "طرف واحد",
    attributionUnknown: "لم يُسمَّ أحد",
    key: "مفتاح الخريطة",
    keyOne: "حادثة واحدة: الشكل واللون يدلان على من تسميه المصادر",
    keySplit: "سُمّيت عدة أطراف: العلامة مقسومة بألوانها",
    keyMany: "حوادث متقاربة لا يمكن رسمها منفصلة: عددها وحصص الأطراف",
    keyRing: "وقعت الحادثة داخل هذه الدائرة؛ نصف القطر هو دقة معرفة المكان",
    keyArea: "لا يُعرف سوى المنطقة أو المحافظة: تُرسم مساحتها",
    keyPrecisions: "نصف القطر المرسوم: {list}",
    km: "{n} كم",
    shade: "تلوين المحافظات بحسب",
    shadeNone: "بلا تلوين",
    shadeIncidents: "الحوادث",
    shadeKilledMin: "القتلى المدنيون، الحد الأدنى",
    shadeKilledMax: "القتلى المدنيون، الحد الأعلى",
    classAndMore: "{n} فأكثر",
    stateZero: "لم يُبلَّغ عن شيء",
    stateUnknown: "حوادث غير معروفة الحصيلة",
    stateNotCovered: "خارج نطاق هذه القائمة",
    filter: "تضييق الاختيار",
    search: "بحث",
    searchHint: "مكان، وصف، مصدر، رمز …",
    grading: "درجة التوثيق",
    gradings: { confirmed: "مؤكدة", fair: "جيدة", weak: "ضعيفة", contested: "متنازع عليها", discounted: "مستبعدة" },
    notGraded: "بلا درجة",
    discountedHidden: { one: "استُبعد سجل واحد", two: "استُبعد سجلان", few: "استُبعدت {n} سجلات", many: "استُبعد {n} سجلاً", other: "استُبعد {n} سجل" },
    discountedNone: "السجلات المستبعدة معروضة",
    precision: "دقة المكان",
    precisions: {
      exact: "محدد",
      street: "شارع",
      neighbourhood: "حي",
      village: "قرية",
      town: "بلدة",
      city: "مدينة",
      admin3: "ناحية",
      admin2: "منطقة",
      admin1: "محافظة",
      country: "بلد",
      none: "غير محدد",
    },
    eventType: "نوع الحدث",
    notStated: "غير مذكور",
    atLeastKilled: "عدد القتلى على الأقل",
    reset: "مسح المرشحات",
    unplaced: { zero: "كل الحوادث على الخريطة", one: "حادثة واحدة ليست على الخريطة", two: "حادثتان ليستا على الخريطة", few: "{n} حوادث ليست على الخريطة", many: "{n} حادثة ليست على الخريطة", other: "{n} حادثة ليست على الخريطة" },
    unplacedNone: "كل الحوادث على الخريطة",
    unplacedHint: "تدخل في كل أرقام هذه الصفحة وليست لها علامة لأن مكانها غير معروف بدقة كافية.",
    table: "جدول",
    tableTitle: "الحوادث في النطاق المعروض",
    tableHint: "{shown} من أصل {all}؛ رتّب بعناوين الأعمدة واختر صفاً لقراءته",
    more: "عرض المزيد",
    copy: "نسخ",
    copied: "تم النسخ",
    copyLink: "نسخ الرابط",
    print: "طباعة",
    close: "إغلاق",
    previous: "السابق",
    next: "التالي",
    position: "{i} من {n}",
    date: "التاريخ",
    place: "المكان",
    governorate: "المحافظة",
    listTitle: { one: "حادثة واحدة هنا", two: "حادثتان هنا", few: "{n} حوادث هنا", many: "{n} حادثة هنا", other: "{n} حادثة هنا" },
    zoomHere: "تقريب إلى هنا",
    andMore: "و{n} أخرى",
    toll: "الحصيلة",
    people: "الأشخاص",
    claims: "من يقول ماذا",
    location: "المكان وكيف حُدِّد",
    coordinates: "الإحداثيات",
    mgrs: "إحداثيات MGRS كما وردت",
    placedWithin: "{precision}، ضمن {km}",
    placedArea: "{precision}: تُرسم المساحة كلها",
    locatedBy: "طريقة التحديد",
    confidence: "الثقة",
    note: "ملاحظة",
    statedAdmin: "المحافظة كما وردت",
    joinedAdmin: "المحافظة بحسب الموقع",
    adminDiffers: "تقول المصادر {stated}؛ والمكان يقع في {joined}، على بعد {km} من {stated}.",
    adminDiffersPlain: "تقول المصادر {stated}؛ والمكان يقع في {joined}.",
    district: "المنطقة",
    subdistrict: "الناحية",
    country: "البلد",
    joinedNear: "خارج كل المناطق؛ على بعد {km} من هذه",
    sources: "المصادر",
    noSources: "لم يُذكر مصدر",
    related: "سجلات ذات صلة",
    description: "الوصف",
    incidentId: "الحادثة",
    datePrecisionMonth: "اليوم غير معروف",
    datePrecisionLonger: "أطول من شهر: لا تُحسب في أي شهر",
    spansMonths: "تُحسب مرة واحدة في شهرها الأول",
    about: "كيف تُقرأ الأرقام",
    rule1: "تُحسب كل حادثة مرة واحدة. وإذا سمّت المصادر عدة أطراف فللحادثة صف مستقل، فيساوي مجموع الصفوف الكل.",
    rule2: "النطاق هو مجموع أدنى الأرقام ومجموع أعلاها. والحادثة غير معروفة الحصيلة لا تضيف إلى أيهما؛ وغير المعروف لا يُحسب صفراً.",
    rule3: "هذه حوادث موثقة، وليست كل ما وقع.",
    period: "{from} – {to}",
    boundaries: "الحدود: {source}{countries}.",
    boundariesFrom: "الحدود: {source}{countries}، سارية منذ {from}.",
    boundariesTo: "الحدود: {source}{countries}، سارية حتى {to}.",
    boundariesFromTo: "الحدود: {source}{countries}، سارية {from} – {to}.",
    boundariesOthers: { one: "حادثة واحدة خارج هذه المدة.", two: "حادثتان خارج هذه المدة.", few: "{n} حوادث خارج هذه المدة.", other: "{n} حادثة خارج هذه المدة." },
    drawnWith: "رُسمت بواسطة Leaflet.",
    timeline: "الأشهر",
    play: "تشغيل شهراً بعد شهر",
    pause: "إيقاف مؤقت",
    zoomIn: "تقريب",
    zoomOut: "تبعيد",
    fit: "عرض الكل",
    rows: { one: "مجموعة أطراف أخرى", two: "مجموعتا أطراف أخريان", few: "{n} مجموعات أطراف أخرى", other: "{n} مجموعة أطراف أخرى" },
    copyFailed: "اضغط Ctrl+C للنسخ",
  },
};

export const language = document.documentElement.lang;
export const arabic = language === "ar";
const words = STRINGS[language] ?? STRINGS.en;
/* Western digits and Levantine month names: the usage of Syrian and Iraqi recorders. */
const locale = arabic ? "ar-SY-u-nu-latn" : "en-GB";
const plurals = new Intl.PluralRules(locale);
const numbers = new Intl.NumberFormat(locale);

/** The words of a key, its {slots} filled with texts; `n` chooses the plural. */
export function t(key, slots = {}) {
  const found = key.split(".").reduce((at, part) => at?.[part], words);
  if (found === undefined) throw new Error(`no words for ${key}`);
  const text = typeof found === "string" ? found : (found[plurals.select(slots.count ?? 0)] ?? found.other);
  return text.replace(/\{(\w+)\}/g, (slot, name) => (name in slots ? String(slots[name]) : slot));
}

/** The words for a number of things: "1 incident", "33 incidents". */
export function tn(key, n) {
  return t(key, { count: n, n: number(n) });
}

/** The words of a value of the table ("village"), or the value itself where a list has its own. */
export function tv(group, value) {
  return words[group]?.[value] ?? value;
}

export function number(n) {
  return numbers.format(n);
}

/** "105–141", "40", "at least" as "40–?", or the word for unknown; a missing bound is null. */
export function range(low, high) {
  if (low === null && high === null) return t("unknown");
  if (low === high) return number(low);
  return `${low === null ? "?" : number(low)}–${high === null ? "?" : number(high)}`;
}

const dayFormat = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const monthFormat = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
const shortMonthFormat = new Intl.DateTimeFormat(locale, { month: "short", timeZone: "UTC" });
const DAY = 86400000;

/** The date of an incident as people write it; days are counted from 1970. */
export function date(start, end, precision) {
  if (start === null) return t("unknown");
  const from = new Date(start * DAY);
  if (precision === "month") return monthFormat.format(from);
  if (end === null || end === start) return dayFormat.format(from);
  return dayFormat.formatRange(from, new Date(end * DAY));
}

/** "2017-03" as "March 2017". */
export function monthName(month) {
  return month === "longer" ? t("otherDates") : monthFormat.format(new Date(`${month}-01T00:00:00Z`));
}

/** "2017-03" as "Mar". */
export function monthShort(month) {
  return month === "longer" ? t("otherDatesShort") : shortMonthFormat.format(new Date(`${month}-01T00:00:00Z`));
}

/** An ISO day, month or year as people write it; other texts as they are. */
export function isoDate(text) {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return dayFormat.format(new Date(`${text}T00:00:00Z`));
  return text;
}

export function km(distance) {
  return t("km", { n: distance < 10 ? Math.round(distance * 10) / 10 : number(Math.round(distance)) });
}
