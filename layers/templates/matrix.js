/* Actors by month: how many incidents, and the control of what is shown. */
import { arabic, monthName, monthShort, number, t, tn } from "./i18n.js";
import { $, bdi, el, interleave, refill } from "./dom.js";
import { config, layers, months, slices } from "./data.js";
import { change, isOn, isSpan, passingIn, recordsIn, state } from "./state.js";
import { glyph } from "./marks.js";
import { COVERED, PARTIAL, coverLayer, coverWords, mergeCodes } from "./coverage.js";

const MOST_ROWS = 40; // further sets of actors are summed in a last row
const MOST_COLUMNS = 60; // with more months than this, a column is a year

/** The words of a layer: its actors' names, and how they share the incident. */
export function layerName(layer) {
  const names = layer.actors.map((id) => (arabic && config.actors[id].label_ar) || config.actors[id].label);
  if (names.length === 1) return names[0];
  const joiner = layer.attribution === "joint" ? t("and") : t("or");
  const list = names.join(joiner);
  if (layer.attribution === "contested") return t("contested", { names: list });
  if (layer.attribution === "joint") return t("joint", { names: list });
  return names.join(" · ");
}

export const layerNames = layers.map(layerName);

/** Columns of the matrix, a month each: {label, title, span: first and last month}. */
function monthColumns() {
  return months.map((month, i) => ({ label: monthShort(month), title: monthName(month), year: month.slice(0, 4), span: [i, i] }));
}

/** The same, of so many years each. */
function yearColumns(years) {
  const [first, last] = [months[0], months.findLast((month) => month !== "longer")].map((month) => Number(month?.slice(0, 4)));
  const found = new Map();
  months.forEach((month, i) => {
    const isYear = month !== "longer";
    const from = first + years * Math.floor((Number(month.slice(0, 4)) - first) / years);
    const to = Math.min(from + years - 1, last);
    const label = !isYear ? monthShort(month) : from === to ? String(from) : `${from}–${to}`;
    if (found.has(label)) found.get(label).span[1] = i;
    else found.set(label, { label, title: isYear ? label : monthName(month), year: "", span: [i, i] });
  });
  return [...found.values()];
}

const rowsShown = Math.min(layers.length, MOST_ROWS);
const MONTHS = 0;
const COLUMNS_YEARS = [MONTHS, 1, 2, 5, 10, 25, 100]; // years of a column, finest first
const finest = months.length > MOST_COLUMNS ? 1 : MONTHS;
let columnsShown, columnOf, listed;
setColumns(finest);

/** Have columns of so many years each, or of months. */
function setColumns(years) {
  columnsShown = years === MONTHS ? monthColumns() : yearColumns(years);
  columnOf = new Int32Array(months.length);
  columnsShown.forEach(({ span: [from, to] }, c) => columnOf.fill(c, from, to + 1));
  listed = count(slices.map(({ from, to }) => to - from)); // records, whether they pass the filters or not
}

/** On paper nothing can be scrolled: columns hold as many years as they must to fit. */
export function fitMatrix(isPaper) {
  for (const years of COLUMNS_YEARS.slice(COLUMNS_YEARS.indexOf(finest))) {
    setColumns(years);
    showMatrix();
    const { scrollWidth, clientWidth } = $("matrix").parentElement;
    if (!isPaper || scrollWidth <= clientWidth) return;
  }
}

/** Incidents (or records) of slices by layer and column; the last row holds the layers beyond `rowsShown`. */
function count(ofSlices) {
  const table = Array.from({ length: rowsShown + 1 }, () => new Uint32Array(columnsShown.length));
  slices.forEach(({ layer, month }, i) => (table[Math.min(layer, rowsShown)][columnOf[month]] += ofSlices[i]));
  return table;
}

/** Show a layer alone, or all again when it was. */
function onlyLayer(layer) {
  change({ alone: state.alone === layer ? null : layer });
}

function toggleLayer(layer) {
  const layersOff = new Set(state.layersOff);
  if (!layersOff.delete(layer)) layersOff.add(layer);
  change({ alone: null, layersOff });
}

function onlyMonths(span) {
  change({ months: isSpan(span) ? null : span });
}

function onlyCell(layer, span) {
  const again = state.alone === layer && isSpan(span);
  change({ alone: again ? null : layer, months: again ? null : span });
}

let showing = []; // one function for each node that shows what is chosen

/** Have `show` bring a node up to date whenever the choice changes. */
function follow(node, show) {
  showing.push(show);
  return node;
}

function press(node, isPressed) {
  if (node.ariaPressed !== String(isPressed)) node.ariaPressed = String(isPressed);
}

/** Show in the matrix what is chosen. */
export function showChosen() {
  for (const update of showing) update();
  $("show-all").hidden = state.alone === null && !state.months && !state.layersOff.size;
}

/** Draw the matrix anew: its numbers depend on the filters alone. */
export function showMatrix() {
  showing = [];
  const [table, records] = [passingIn, recordsIn].map(count);
  const largest = Math.max(1, ...table.map((row) => Math.max(0, ...row)));
  const body = [];
  for (let r = 0; r < rowsShown; r++) body.push(layerRow(r, table[r], records[r], largest));
  if (layers.length > rowsShown) body.push(restRow(table[rowsShown], records[rowsShown]));
  refill(
    $("matrix"),
    el("thead", {}, headRow()),
    el("tbody", {}, body),
    el("tfoot", {}, totalRow(table, records)),
  );
  showSigns();
  showChosen();
}

/** Say what the signs in the matrix are: on paper nothing can be pointed at. */
function showSigns() {
  const found = new Set([...$("matrix").querySelectorAll(".none")].map((sign) => sign.textContent));
  const signs = [["–", "signNone"], ["·", "signUnlisted"], ["↔", "countedElsewhere"]].filter(([sign]) => found.has(sign));
  const words = signs.map(([sign, key]) => `${sign} ${t(key)}`);
  const part = $("matrix").querySelector(".cell.part") ? [[el("span", { class: "cell part" }, number(1)), ` ${t("signPart")}`]] : [];
  $("matrix-key").replaceChildren(...interleave([...words, ...part], "; ").flat());
}

function headRow() {
  const cells = columnsShown.map(({ label, title, year, span }, c) => {
    const button = {
      type: "button",
      "aria-label": title,
      title,
      "data-key": `m${c}`,
      onclick: () => onlyMonths(span),
    };
    const starts = year && months[span[0]] !== "longer" && year !== columnsShown[c - 1]?.year;
    const node = el("button", button, el("span", {}, label), starts ? el("small", {}, year) : null);
    return el("th", { scope: "col" }, follow(node, () => press(node, isSpan(span))));
  });
  return el("tr", {}, el("th", { scope: "col", class: "corner" }, t("actors")), cells, el("th", { scope: "col", class: "sum" }, t("total")));
}

function layerRow(layer, counts, records, largest) {
  const name = layerNames[layer];
  const box = el("input", {
    type: "checkbox",
    "aria-label": t("showLayer", { name }),
    "data-key": `c${layer}`,
    onchange: () => toggleLayer(layer),
  });
  const title = t("only", { name });
  const button = el("button", { type: "button", class: "name", title, "data-key": `l${layer}`, onclick: () => onlyLayer(layer) }, glyph(layer), bdi(name));
  const empty = (c) => emptyCell(listed[layer][c], records[c], coverAt(layer, c));
  const cells = [...counts].map((n, c) => el("td", {}, n ? cellButton(layer, c, n, largest) : empty(c)));
  const row = el("tr", {}, el("th", { scope: "row" }, el("div", { class: "row-head" }, box, button)), cells, sumCell(counts, records, listed[layer]));
  return follow(row, () => {
    box.checked = slices.some((slice) => slice.layer === layer && isOn(slice));
    row.classList.toggle("off", !box.checked);
    press(button, state.alone === layer);
  });
}

function cellButton(layer, c, n, largest) {
  const { span, title } = columnsShown[c];
  const cover = coverAt(layer, c);
  const button = {
    type: "button",
    class: cover > PARTIAL ? "cell part" : "cell",
    title: cover > PARTIAL ? coverWords(cover) : null,
    style: { "--tint": `${Math.round(10 + 50 * Math.sqrt(n / largest))}%` },
    "aria-label": [t("cell", { name: layerNames[layer], month: title, n: tn("incidents", n) }), cover > PARTIAL ? coverWords(cover) : ""].filter(Boolean).join("; "),
    "data-key": `x${layer}/${c}`,
    onclick: () => onlyCell(layer, span),
  };
  const node = el("button", button, number(n));
  return follow(node, () => {
    node.classList.toggle("off", !isOn({ layer, month: span[0] }) && !isOn({ layer, month: span[1] }));
    press(node, state.alone === layer && isSpan(span));
  });
}

/** How a layer is covered in a column; null when no windows are stated, or for no month. */
function coverAt(layer, c) {
  const { span } = columnsShown[c];
  return months[span[0]] === "longer" ? null : coverLayer(layer, span);
}

/** How all layers together, or those from one on, are covered in a column, or null. */
function coverAll(c, first = 0) {
  const codes = layers.map((_, layer) => coverAt(layer, c)).slice(first);
  return codes.includes(null) ? null : mergeCodes(codes);
}

/** What stands for no incident: that its records are counted with others or left out, which is no zero; else 0 where all
    is covered, a dash where it is a gap, a dot where nothing is stated. */
function emptyCell(held, records, cover) {
  if (held) return records ? worded("↔", t("countedElsewhere")) : worded("–", t("leftOutRecords"));
  if (cover === null) return el("span", { class: "none" }, "·");
  return cover === COVERED ? worded(number(0), coverWords(cover), "zero") : worded("–", coverWords(cover), "none gap");
}

function worded(sign, words, name = "none") {
  return el("span", { class: name, title: words, role: "img", "aria-label": words }, sign);
}

const addUpCells = (cells) => cells.reduce((sum, n) => sum + n, 0);

function sumCell(...row) {
  const [sum, records, held] = row.map(addUpCells);
  return el("td", { class: "sum" }, sum ? number(sum) : emptyCell(held, records, null));
}

function restRow(counts, records) {
  const empty = (c) => emptyCell(listed[rowsShown][c], records[c], coverAll(c, rowsShown));
  const cells = [...counts].map((n, c) => el("td", {}, n ? number(n) : empty(c)));
  return el("tr", {}, el("th", { scope: "row", class: "rest" }, tn("rows", layers.length - rowsShown)), cells, sumCell(counts, records, listed[rowsShown]));
}

function totalRow(table, records) {
  const [sums, passed, held] = [table, records, listed].map((rows) => columnsShown.map((_, c) => addUpCells(rows.map((row) => row[c]))));
  const empty = (c) => emptyCell(held[c], passed[c], coverAll(c));
  return el("tr", {}, el("th", { scope: "row" }, t("total")), sums.map((n, c) => el("td", {}, n ? number(n) : empty(c))), sumCell(sums, passed, held));
}

/** Tell by a shade before the totals that more months follow. */
function markMore() {
  const { scrollWidth, clientWidth, scrollLeft } = $("matrix").parentElement;
  $("matrix").classList.toggle("more", scrollWidth - clientWidth - Math.abs(scrollLeft) > 2);
}

export function startMatrix() {
  $("matrix").parentElement.addEventListener("scroll", markMore, { passive: true });
  new ResizeObserver(markMore).observe($("matrix").parentElement);
  new ResizeObserver(markMore).observe($("matrix"));
  $("show-all").addEventListener("click", () => change({ alone: null, months: null, layersOff: new Set() }));
}
