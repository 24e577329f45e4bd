/* The incidents in view and those not on the map as a table: the text alternative of the map, sortable and copyable. */
import { number, t, tn, tv } from "./i18n.js";
import { $, bdi, copyText, el, range, refill } from "./dom.js";
import { columns, drawn, isPlaced, known, rows, slices, sliceOf } from "./data.js";
import { change, state } from "./state.js";
import { chosenAt, everywhere } from "./sums.js";
import { goTo, seen } from "./symbols.js";
import { layerNames } from "./matrix.js";
import { glyph } from "./marks.js";
import { dateOf, openIncident, placeName } from "./card.js";
import { governorate } from "./regions.js";

const PAGE = 100; // rows drawn at a time
let sort = { key: "date", down: true };
let shown = PAGE;
let found = [];
let held = null;

const COLUMNS = [
  { key: "date", value: (i) => held.date_start.at(i), cell: (i) => dateOf(i, held) },
  { key: "place", text: (i) => placeOf(i), cell: (i) => bdi(placeOf(i)) },
  { key: "governorate", text: (i) => regionOf(i), cell: (i) => bdi(regionOf(i)) },
  { key: "actors", text: (i) => nameOf(i), cell: (i) => el("span", { class: "with-glyph" }, glyph(slices[sliceOf(i)].layer, 14), bdi(nameOf(i))) },
  { key: "killed", ...counted("killed") },
  { key: "children", ...counted("children") },
  { key: "injured", ...counted("injured") },
  { key: "grading", text: (i) => gradingOf(i), cell: (i) => gradingOf(i) },
  { key: "precision", text: (i) => precisionOf(i), cell: (i) => precisionOf(i) },
];

const placeOf = (i) => placeName(held.place.at(i), held.place_local.at(i)) || t("notStated");
const regionOf = (i) => governorate(i, held.adm1_name.at(i)) || held.admin1.at(i);
const nameOf = (i) => layerNames[slices[sliceOf(i)].layer];
const gradingOf = (i) => (held.grading.at(i) ? tv("gradings", held.grading.at(i)) : t("notGraded"));
const precisionOf = (i) => tv("precisions", held.precision.at(i) || "none");

function counted(name) {
  const low = (i) => known(held[`${name}_min`].at(i));
  const high = (i) => known(held[`${name}_max`].at(i));
  return {
    numeric: true,
    value: (i) => high(i) ?? low(i) ?? -1, // unknown sorts below zero
    cell: (i) => range(low(i), high(i)),
  };
}

async function load() {
  held ??= await columns(
    "place", "place_local", "admin1", "adm1_name", "grading", "precision", "date_start", "date_end", "date_precision",
    "killed_min", "killed_max", "children_min", "children_max", "injured_min", "injured_max",
  );
}

/** Row numbers in the order of the chosen heading; ties keep the order of the data. */
function order() {
  const { value, text } = COLUMNS.find(({ key }) => key === sort.key);
  const sign = sort.down ? -1 : 1;
  if (value) {
    const keys = new Float64Array(rows);
    for (const i of found) keys[i] = value(i);
    found.sort((a, b) => sign * (keys[a] - keys[b]) || a - b);
    return;
  }
  const keys = new Map(found.map((i) => [i, text(i)]));
  const { compare } = new Intl.Collator();
  found.sort((a, b) => sign * compare(keys.get(a), keys.get(b)) || a - b);
}

/** Draw the table anew when it is open. */
export async function showTable() {
  $("table-panel").hidden = !state.table;
  $("table-button").setAttribute("aria-pressed", String(state.table));
  if (!state.table) return;
  await load();
  found = [...chosenAt(seen.map((is, place) => is | drawn.unplaced[place]))];
  order();
  draw();
}

function draw() {
  const all = tn("records", chosenAt(everywhere).length);
  const off = chosenAt(drawn.unplaced).length;
  const counts = { shown: number(found.length - off), off: number(off), all };
  const lines = found.slice(0, shown).map(line);
  refill($("table"), el("thead", {}, el("tr", {}, COLUMNS.map(heading))), el("tbody", {}, lines));
  $("table-hint").textContent = t(off ? "tableHintOff" : "tableHint", counts);
  $("table-more").hidden = found.length <= shown;
}

function heading({ key, numeric }) {
  const sorted = sort.key === key ? (sort.down ? "descending" : "ascending") : "none";
  const turn = () => {
    sort = { key, down: sort.key === key ? !sort.down : Boolean(numeric) || key === "date" };
    showTable();
  };
  return el("th", { scope: "col", "aria-sort": sorted, class: numeric ? "number" : null }, el("button", { type: "button", "data-key": key, onclick: turn }, t(key)));
}

function line(i) {
  const open = () => {
    goTo(i);
    openIncident(i, found);
  };
  return el("tr", { onclick: open, class: isPlaced(i) ? null : "unplaced" }, COLUMNS.map(({ key, cell, numeric }) => {
    if (key !== "place") return el("td", { class: numeric ? "number" : null }, cell(i));
    return el("td", {}, el("button", { type: "button", class: "name", "data-key": `r${i}` }, cell(i))); // a click on it reaches the row
  }));
}

/** The table as text with tabs, all rows of it. */
function asText() {
  const head = COLUMNS.map(({ key }) => t(key)).join("\t");
  const text = (node) => (node instanceof Node ? node.textContent : String(node));
  const clean = (value) => value.replace(/[\t\r\n]+/g, " ");
  return [head, ...found.map((i) => COLUMNS.map(({ cell }) => clean(text(cell(i)))).join("\t"))].join("\n");
}

export function startTable() {
  $("table-button").addEventListener("click", () => change({ table: !state.table }));
  $("table-close").addEventListener("click", () => change({ table: false }));
  $("table-more").addEventListener("click", () => {
    shown += PAGE;
    showTable();
  });
  $("table-copy").addEventListener("click", async ({ target }) => {
    target.textContent = t((await copyText(asText())) ? "copied" : "copyFailed");
    setTimeout(() => (target.textContent = t("copy")), 1500);
  });
}
