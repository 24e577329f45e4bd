/* Reading the map: what marks, circles, outlines and shades mean. */
import { km, number, t, tn, tv } from "./i18n.js";
import { $, bdi, el, phrase, sumRange, svg, tellSum } from "./dom.js";
import { config, hasColumn, layers } from "./data.js";
import { change, state } from "./state.js";
import { glyph, pieces, sector } from "./marks.js";
import { isStated } from "./coverage.js";
import { countEmpty, hasRegions, isRate, namedRegions, shadeClasses, sumRegions } from "./regions.js";

const SHADES = [["none", "shadeNone"], ["incidents", "shadeIncidents"], ["killed_min", "shadeKilledMin"], ["killed_max", "shadeKilledMax"], ["killed_min_rate", "shadeKilledMinRate"], ["killed_max_rate", "shadeKilledMaxRate"]];

export function startLegend() {
  const several = layers.findIndex(({ actors }) => actors.length > 1);
  const entries = [
    [glyph(0, 20), t("keyOne")],
    several >= 0 ? [glyph(several, 20), t("keySplit")] : null,
    [manyGlyph(), t("keyMany")],
    [ringGlyph(), `${t("keyRing")}. ${radii()}`],
    [areaGlyph(), t("keyArea")],
    hasColumn("findings") ? [sheetGlyph(), t("keyFinding")] : null,
  ];
  $("key").replaceChildren(...entries.filter(Boolean).map(([mark, words]) => el("li", {}, mark, el("span", {}, words))));
  const given = SHADES.filter(([value]) => value === "none" || config.breaks[value]);
  const options = given.map(([value, words]) => el("option", { value }, t(words)));
  $("shade").replaceChildren(...options);
  $("by-region").addEventListener("toggle", showByRegion);
  $("by-region").hidden = !hasRegions();
  $("shade").addEventListener("change", ({ target }) => change({ shade: target.value }));
}

/** The radii by precision: "village 2 km, town 4 km". */
function radii() {
  const list = Object.entries(config.radii).map(([precision, radius]) => `${tv("precisions", precision)} ${km(radius)}`);
  return t("keyPrecisions", { list: list.join(" · ") });
}

function legendGlyph(...parts) {
  return svg("svg", { viewBox: "-12 -12 24 24", width: 22, height: 22, class: "glyph", "aria-hidden": "true" }, ...parts);
}

function manyGlyph() {
  const tones = [...new Set(pieces.filter((list) => list.length === 1).map((list) => list[0].color))].slice(0, 3);
  const parts = tones.map((color, i) => svg("path", { d: sector(i / tones.length, (i + 1) / tones.length, 11, 7.2), fill: color }));
  return legendGlyph(svg("circle", { r: 11, class: "glyph-paper" }), ...parts, svg("text", { y: 3.6, class: "glyph-number" }, "7"));
}

function ringGlyph() {
  return legendGlyph(svg("circle", { r: 10.5, class: "glyph-ring" }), svg("circle", { r: 4, class: "glyph-ink" }));
}

function areaGlyph() {
  return legendGlyph(svg("path", { d: "M-10-6L-1-10 9-7 10 4 2 10-8 7Z", class: "glyph-area" }));
}

function sheetGlyph() {
  return legendGlyph(svg("path", { d: "M-6-9H6V9H-6Z", class: "glyph-sheet" }), svg("path", { d: "M-3-4H3M-3 0H3M-3 4H0", class: "glyph-lines" }));
}

/** The classes of the shading in force, and its states. */
export function showLegend() {
  $("shade").value = state.shade;
  $("shade-name").textContent = t(SHADES.find(([value]) => value === state.shade)[1]);
  for (const id of ["classes", "embed-classes"]) $(id).replaceChildren(...classItems());
  $("embed-shade").textContent = shadeClasses().length ? `${$("shade-name").textContent}:` : "";
  $("people").replaceChildren(...(isRate() ? peopleWords() : []));
}

/** The figures behind the shades, in words. */
export function showByRegion() {
  if (!$("by-region").open) return;
  const rates = Boolean(config.breaks.killed_min_rate);
  const found = namedRegions();
  const head = ["governorate", "shadeIncidents", "killed", ...(rates ? ["perPeople"] : [])];
  const toll = ({ killed_min: low, killed_max: high, incidents, ...sum }) => tellSum({ ...sum, low, high }, incidents);
  const rate = ({ killed_min_rate: low, killed_max_rate: high, open }) => (low === null && high === null ? t("noFigure") : sumRange({ low: rounded(low), high: rounded(high), open }));
  const line = (region) => el(
    "tr",
    {},
    el("th", { scope: "row" }, bdi(region.name)),
    el("td", {}, number(region.incidents)),
    el("td", {}, toll(region)),
    rates ? el("td", {}, rate(region)) : null,
  );
  $("region-table").replaceChildren(
    el("thead", {}, el("tr", {}, head.map((key) => el("th", { scope: "col" }, t(key))))),
    el("tbody", {}, found.map(line)),
  );
  const { zeros, gaps, elsewhere, leftOut } = countEmpty();
  const rest = [[isStated() ? "regionsZero" : "regionsUnstated", zeros], ["regionsGap", gaps], ["regionsElsewhere", elsewhere], ["regionsLeftOut", leftOut]];
  $("region-rest").textContent = rest.flatMap(([key, n]) => (n ? [tn(key, n)] : [])).join(". ");
}

/** A rate to two digits, so that it says no more than it knows; kept from becoming 0. */
function rounded(rate) {
  return rate === null ? null : Number(rate.toPrecision(2));
}

/** The classes of the shading with their tones, then its states; nothing when nothing is shaded. */
function classItems() {
  const item = (mark, ...words) => el("li", {}, mark, ...words);
  const swatch = (name) => el("i", { class: `swatch ${name}` });
  if (!config.breaks[state.shade]) return []; // a list of unknown tolls has no class, and is shaded all the same
  const classes = shadeClasses();
  const unknown = item(swatch("toll-unknown"), t(isRate() ? "stateNoRate" : "stateUnknown"));
  return [
    ...classes.map(({ words, tone }) => item(el("i", { class: "swatch", style: { background: `var(--${tone})` } }), bdi(words))),
    item(swatch("zero"), t(isStated() ? "stateZero" : "stateUnstated")),
    ...(state.shade.startsWith("killed") || sumRegions().some(({ elsewhere }) => elsewhere) ? [unknown] : []),
    ...(sumRegions().some(({ leftOut }) => leftOut) ? [item(swatch("left-out"), t("stateLeftOut"))] : []),
    item(swatch("not-covered"), t(isStated() ? "stateGap" : "stateNotCovered")),
    ...(state.shade.startsWith("killed_max") && sumRegions().some(({ open }) => open) ? [item(t("shadeOpen"))] : []),
  ];
}

/** Of when the rates are, and which columns state the populations. */
function peopleWords() {
  const named = config.people.map(({ column, source }) => phrase("peopleFrom", { column: () => bdi(column), source: () => bdi(source) }));
  return [t("rateHint"), ...named.map((words) => [" ", ...words]).flat()];
}
