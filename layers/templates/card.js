/* One incident, with every field a reader needs, or the list of incidents under one symbol. */
import { arabic, date, km, monthName, number, t, tn, tv } from "./i18n.js";
import { $, bdi, el, english, figure, focusKey, interleave, phrase, range, source, sumRange } from "./dom.js";
import { POINT, column, config, incident, isPlaced, known, layers, rows, slices, sliceOf } from "./data.js";
import { countedWith, spans } from "./counted.js";
import { change, state } from "./state.js";
import { chooseFinding } from "./notes.js";
import { boundsOf, chooseClaimed, goTo, map } from "./symbols.js";
import { COUNTS } from "./sums.js";
import { governorate } from "./regions.js";
import { layerName } from "./matrix.js";
import { glyph } from "./marks.js";
import { basisOfRange, claimedPoints, claimsOf, loadClaims } from "./claims.js";

const DIVISOR = 1000; // numbers with decimals travel as thousandths
const MOST_LISTED = 60; // rows of a symbol listed before "and more"
let list = []; // rows under the symbol that was chosen
let opener = null; // what had the focus before

/** Open the card for the rows of a symbol: the incident itself, or a list to choose from. */
export function openRows(rows, from = document.activeElement) {
  opener = from;
  list = rows;
  if (rows.length === 1) return openIncident(rows[0]);
  return openList();
}

/** Open one incident; `rows` is the list it can be paged through. */
export async function openIncident(row, rows = list) {
  list = rows.includes(row) ? rows : [row];
  const [fields, together] = await Promise.all([incident(row), tellTogether(row), loadClaims()]);
  show(t("incidents", { count: 1, n: 1 }), [pager(row), ...body(fields, together)]);
  state.incidentId = fields.incident_id;
  chooseClaimed(claimedPoints(fields));
  await change({ incident: row });
}

async function openList() {
  const { place, place_local, killed_min, killed_max, date_start } = await tableColumns();
  list.sort((a, b) => date_start.at(a) - date_start.at(b) || a - b);
  const shown = list.slice(0, MOST_LISTED);
  const items = shown.map((row) => {
    const layer = slices[sliceOf(row)].layer;
    const title = placeName(place.at(row), place_local.at(row)) || t("notStated");
    const toll = range(known(killed_min.at(row)), known(killed_max.at(row)));
    return el("li", {}, el(
      "button",
      { type: "button", onclick: () => openIncident(row) },
      glyph(layer, 16),
      el("span", {}, el("b", {}, bdi(title)), el("small", {}, dateOf(row, tableCache))),
      el("span", { class: "toll" }, toll),
    ));
  });
  const zoom = el("button", { type: "button", class: "plain", onclick: zoomToList }, t("zoomHere"));
  const more = list.length > MOST_LISTED ? el("p", { class: "quiet" }, t("andMore", { n: number(list.length - MOST_LISTED) })) : null;
  show(tn("listTitle", list.length), [canZoom() ? zoom : null, el("p", { class: "quiet toll-head" }, t("killed")), el("ul", { class: "listing" }, items), more]);
  await change({ incident: null });
}

let tableCache = null;

async function tableColumns() {
  const names = ["place", "place_local", "killed_min", "killed_max", "date_start", "date_end", "date_precision"];
  tableCache ??= Object.fromEntries(await Promise.all(names.map(async (name) => [name, await column(name)])));
  return tableCache;
}

/** The name of a place for this reader: in Arabic the local one, else the one in the list's language. */
export function placeName(place, local) {
  return (arabic && local) || place || local;
}

/** The date of a row, from the columns that hold it. */
export function dateOf(row, { date_start, date_end, date_precision }) {
  return date(firstDay(date_start.at(row)), lastDay(date_start.at(row), date_end.at(row)), date_precision.at(row));
}

/** Days from 1970: the first day is stored as days after the list's first, the last day as days after the first. */
function firstDay(start) {
  return start ? config.days[0] + start - 1 : null;
}

function lastDay(start, end) {
  return end ? (firstDay(start) ?? config.days[0]) + end - 1 : null;
}

function canZoom() {
  const area = boundsOf(list);
  return area !== null && map.getZoom() < map.getMaxZoom() && !area.getNorthEast().equals(area.getSouthWest(), 0);
}

function zoomToList() {
  map.fitBounds(boundsOf(list), { padding: [60, 60], maxZoom: 14 });
  closeCard();
}

/** Show something on the card in place of what it showed. */
export function show(title, content) {
  const card = $("card");
  if (card.hidden) opener ??= document.activeElement;
  chooseFinding(null);
  $("card-title").textContent = title;
  $("card-body").replaceChildren(...content.filter(Boolean));
  card.hidden = false;
  card.scrollTop = 0;
  document.body.classList.add("reading");
  $("card-title").focus({ preventScroll: true });
}

export function closeCard() {
  if ($("card").hidden) return;
  chooseFinding(null);
  $("card").hidden = true;
  document.body.classList.remove("reading");
  change({ incident: null });
  giveFocusBack();
}

/** The focus goes back to where it was, or to what was drawn anew in its place, or to the map. */
function giveFocusBack() {
  const { key } = opener?.dataset ?? {};
  $("stage").focus({ preventScroll: true });
  if (opener?.isConnected) opener.focus({ preventScroll: true });
  else if (key) focusKey(key);
  opener = null;
}

function pager(row) {
  if (list.length < 2) return null;
  const at = list.indexOf(row);
  const go = (step) => () => openIncident(list[(at + step + list.length) % list.length]);
  return el(
    "nav",
    { class: "pager" },
    el("button", { type: "button", class: "plain", onclick: go(-1) }, t("previous")),
    el("button", { type: "button", class: "plain", onclick: openList }, t("position", { i: number(at + 1), n: number(list.length) })),
    el("button", { type: "button", class: "plain", onclick: go(1) }, t("next")),
  );
}

/** Which records an incident is counted together with, and as how many killed; empty when it is by itself. */
async function tellTogether(row) {
  const counted = countedWith(row);
  if (!counted) return "";
  const [ids, low, high] = await Promise.all(["incident_id", "killed_min", "killed_max"].map(column));
  const [carrier] = counted;
  const { lows, highs, isOpen } = spans(low.values, high.values);
  const toll = sumRange({ low: known(lows[carrier]), high: known(highs[carrier]), open: isOpen(carrier) });
  return el("span", {}, interleave(counted.map((i) => bdi(ids.at(i)))), ": ", toll, " ", t("killed").toLocaleLowerCase());
}

/** The card of an incident, top to bottom. */
function body(f, together) {
  const layer = layers.indexOf(f.layer);
  const title = placeName(f.place, f.place_local);
  const other = title === f.place ? f.place_local : f.place;
  return [
    el("h3", {}, bdi(title || t("notStated")), other ? el("small", {}, bdi(other)) : null),
    el("p", { class: "when" }, ...dateLine(f)),
    el("p", { class: "who" }, glyph(layer, 18), bdi(layerName(f.layer)), el("small", {}, attribution(f.layer), confidence(f))),
    toll(f),
    f.description ? el("p", { class: "description", dir: "auto" }, bdi(f.description)) : null,
    facts([
      ["grading", f.grading ? tv("gradings", f.grading) : t("notGraded")],
      ["eventType", f.event_type],
      ["incidentId", f.incident_id],
      ["related", related(f.related)],
      ["countedTogether", together],
    ]),
    el("h4", {}, t("location")),
    disagreement(f),
    facts(whereabouts(f)),
    ...(claimsOf(f) ? [el("h4", {}, t("claims")), basisOfRange(), claimsOf(f)] : []),
    el("h4", {}, t("sources")),
    sources(f.sources),
  ];
}

/** How an incident stands to other records, in words with their ids; what is no relation, as it is. */
function related(text) {
  const told = text.split("|").map((part) => part.trim()).filter(Boolean).map((part) => {
    const [word, ...rest] = part.split(":");
    const relation = word.trim().toLowerCase().replaceAll("-", " ");
    const id = rest.join(":").trim();
    const isKnown = id && tv("relations", relation) !== relation;
    return isKnown ? el("span", {}, ...phrase(`relations.${relation}`, { id: () => bdi(id) })) : bdi(part);
  });
  return told.length ? el("span", {}, interleave(told)) : "";
}

function dateLine(f) {
  const words = [date(firstDay(f.date_start), lastDay(f.date_start, f.date_end), f.date_precision)];
  const notes = [];
  if (f.date_precision === "month") notes.push(t("datePrecisionMonth"));
  if (f.date_precision === "longer") notes.push(t("datePrecisionLonger"));
  else if (spansMonths(f)) notes.push(`${t("spansMonths")}: ${monthName(f.month)}`);
  return [el("b", {}, ...words), notes.length ? el("small", {}, ` ${notes.join("; ")}`) : null].filter(Boolean);
}

function spansMonths(f) {
  const month = (day) => new Date(day * 86400000).toISOString().slice(0, 7);
  const last = lastDay(f.date_start, f.date_end);
  return f.date_start !== 0 && last !== null && month(last) !== month(firstDay(f.date_start));
}

function confidence({ attribution_confidence: said }) {
  return said ? ` ${t("attributionConfidence")}: ${tv("confidences", said)}` : "";
}

function attribution({ actors, attribution: how }) {
  if (how === "sole" || how === "unknown") return "";
  return t(`attribution${how[0].toUpperCase()}${how.slice(1)}`);
}

/** Every count of the incident; "unknown" is said, never shown as 0. */
function toll(f) {
  const lines = COUNTS.map((name) => {
    const [low, high] = [known(f[`${name}_min`]), known(f[`${name}_max`])];
    if (name !== "killed" && low === null && high === null) return null;
    return el("div", { class: name === "killed" ? "main" : "" }, el("dt", {}, t(name)), el("dd", {}, range(low, high)));
  });
  return el("dl", { class: "toll-table" }, lines.filter(Boolean));
}

/** A definition list of words and texts of the data; empty texts are left out. */
export function facts(entries) {
  const shown = entries.filter(([, value]) => value !== "" && value !== null && value !== undefined);
  if (!shown.length) return null;
  return el("dl", { class: "facts" }, shown.map(([key, value]) => el("div", {}, el("dt", {}, t(key)), el("dd", {}, value instanceof Node ? value : bdi(value)))));
}

function whereabouts(f) {
  return [
    ["precision", precision(f)],
    ["locatedBy", located(f.located_by)],
    ["note", f.location_note && english(f.location_note)],
    ["confidence", f.location_confidence ? figure(`${Math.round((f.location_confidence - 1) / 10)} %`) : null],
    ["coordinates", f.kind === POINT ? figure(`${(f.lat / 1e5).toFixed(5)}, ${(f.lon / 1e5).toFixed(5)}`) : null],
    ["mgrs", f.mgrs ? figure(f.mgrs) : null],
    ["statedAdmin", [f.admin2, f.admin1].filter(Boolean).join(", ")],
    ["joinedAdmin", joined(f)],
    ["district", f.adm2_name],
    ["subdistrict", f.adm3_name],
    ["country", f.country || f.adm0_name],
  ];
}

/** How an incident was placed: the way in words, then what the data name of it. */
function located(text) {
  const [way, ...rest] = text.split(":");
  const words = tv("located", way);
  return words === way ? text : el("span", {}, words, ...(rest.length ? [" (", bdi(rest.join(":")), ")"] : []));
}

function precision(f) {
  const name = tv("precisions", f.precision || "none");
  if (!isPlaced(f.row) || !f.precision) return name;
  if (config.radii[f.precision] === undefined) return t("placedArea", { precision: name });
  return t("placedWithin", { precision: name, km: km((f.precision_km - 1) / DIVISOR) });
}

function joined(f) {
  const name = governorate(f.row, f.adm1_name);
  if (f.join_method !== "nearest" || !f.join_km) return name;
  const distance = km((f.join_km - 1) / DIVISOR);
  return el("span", {}, bdi(name), ` (${t("joinedNear", { km: distance })})`);
}

/** Said in words when the sources' governorate is not where the place lies. */
function disagreement(f) {
  if (f.admin_agrees !== 1 || !f.admin1 || !f.adm1_name) return null;
  const slots = { stated: () => bdi(f.admin1), joined: () => bdi(governorate(f.row, f.adm1_name)), km: () => km((f.admin_km - 1) / DIVISOR) };
  return el("p", { class: "differs" }, ...phrase(f.admin_km ? "adminDiffers" : "adminDiffersPlain", slots));
}

function sources(text) {
  const list = text.split("|").map((part) => part.trim()).filter(Boolean);
  if (!list.length) return el("p", { class: "quiet" }, t("noSources"));
  return el("ul", { class: "sources" }, list.map((part) => el("li", {}, source(part))));
}

export function startCard() {
  $("card-close").addEventListener("click", closeCard);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeCard();
  });
}

/** Open the incident that the page's address names. */
export async function openById(id) {
  const texts = await column("incident_id");
  for (let row = 0; row < rows; row++) {
    if (texts.at(row) === id) {
      goTo(row);
      return openIncident(row, [row]);
    }
  }
  return null;
}
