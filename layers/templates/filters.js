/* Narrowing down: text, grading, precision, type of event, toll. */
import { number, t, tn, tv } from "./i18n.js";
import { $, bdi, el, interleave, phrase } from "./dom.js";
import { column, rows } from "./data.js";
import { change, state } from "./state.js";
import { layerNames } from "./matrix.js";
import { spanName } from "./timeline.js";

const DELAY = 180; // ms of rest before a search runs
const ORDER = {
  grading: ["confirmed", "fair", "weak", "contested", "discounted", ""],
  precision: ["exact", "street", "neighbourhood", "village", "town", "city", "admin3", "admin2", "admin1", "country", "none"],
};
const VALUE_WORDS = {
  grading: (value) => (value ? tv("gradings", value) : t("notGraded")),
  precision: (value) => tv("precisions", value || "none"),
  event_type: (value) => value || t("notStated"),
};
const MOST_TYPES = 20;
const MOST_NAMED = 6; // hidden values of a filter that are named beside the sums
let discounted = 0;
let heldValues = { grading: [], precision: [], event_type: [] }; // the values of each filtered column

/** The values a column holds with the number of rows of each, in the order readers expect. */
async function valuesOf(name) {
  const texts = await column(name);
  const counts = new Uint32Array(texts.size);
  for (let i = 0; i < rows; i++) counts[texts.code(i)] += 1;
  const values = [...counts].map((n, code) => ({ value: texts.entry(code), n })).filter(({ n }) => n > 0);
  const order = ORDER[name];
  return values.sort((a, b) => (order ? order.indexOf(a.value) - order.indexOf(b.value) : b.n - a.n));
}

/** Tick boxes for the values of a column; `off` names the set in the state. */
function boxes(list, off, words) {
  return list.map(({ value, n }) => {
    const toggle = () => {
      const set = new Set(state[off]);
      if (!set.delete(value)) set.add(value);
      change({ [off]: set });
    };
    const box = el("input", { type: "checkbox", checked: !state[off].has(value), onchange: toggle, "data-value": value });
    return el("label", {}, box, bdi(words(value)), el("small", {}, String(n)));
  });
}

export async function startFilters() {
  const [gradings, precisions, types] = await Promise.all(["grading", "precision", "event_type"].map(valuesOf));
  heldValues = { grading: gradings, precision: precisions, event_type: types };
  discounted = gradings.find(({ value }) => value === "discounted")?.n ?? 0;
  fillBoxes("gradings", boxes(gradings, "gradingsOff", VALUE_WORDS.grading));
  fillBoxes("precisions", boxes(precisions, "precisionsOff", VALUE_WORDS.precision));
  fillBoxes("types", boxes(types.slice(0, MOST_TYPES), "typesOff", VALUE_WORDS.event_type));
  let wait = null;
  $("search").addEventListener("input", ({ target }) => {
    clearTimeout(wait);
    wait = setTimeout(() => change({ text: target.value }), DELAY);
  });
  $("at-least").addEventListener("change", ({ target }) => change({ atLeast: Math.max(0, Number.parseInt(target.value, 10) || 0) }));
  $("reset").addEventListener("click", () => {
    change({ text: "", gradingsOff: new Set(["discounted"]), precisionsOff: new Set(), typesOff: new Set(), atLeast: 0 });
  });
  showFilters();
}

function fillBoxes(id, list) {
  $(id).replaceChildren(...list);
  $(id).closest("fieldset").hidden = list.length < 2;
}

/** Let the controls show the state, whoever changed it. */
export function showFilters() {
  if ($("search") !== document.activeElement) $("search").value = state.text;
  $("at-least").value = state.atLeast || "";
  for (const [id, off] of [["gradings", "gradingsOff"], ["precisions", "precisionsOff"], ["types", "typesOff"]]) {
    for (const box of $(id).querySelectorAll("input")) box.checked = !state[off].has(box.dataset.value);
  }
  $("reset").hidden = !isNarrowed();
  $("discounted").hidden = !discounted;
  $("discounted").textContent = state.gradingsOff.has("discounted") ? tn("discountedHidden", discounted) : t("discountedNone");
}

function isNarrowed() {
  const usual = state.gradingsOff.size === 1 && state.gradingsOff.has("discounted");
  return Boolean(state.text || !usual || state.precisionsOff.size || state.typesOff.size || state.atLeast);
}

/** What of the list is left out, in words, that are to stand beside its sums; nothing when all of it is counted but for
    discounted records, as it is at first. */
export function tellFilters() {
  const shownAlone = () => phrase("only", { name: () => bdi(layerNames[state.alone]) });
  const off = [...state.layersOff].map((layer) => layerNames[layer]);
  const found = [
    ["month", state.months ? [spanName()] : []],
    ["actors", state.alone === null ? without(off) : shownAlone()],
    ["search", state.text.trim() ? [bdi(state.text.trim())] : []],
    ["atLeastKilled", state.atLeast ? [number(state.atLeast)] : []],
    ["grading", without(hidden("grading", "gradingsOff", "discounted"))],
    ["precision", without(hidden("precision", "precisionsOff"))],
    ["eventType", without(hidden("event_type", "typesOff"))],
  ].flatMap(([key, words]) => (words.length ? [el("span", {}, t(key), ": ", ...words)] : []));
  if (discounted && !state.gradingsOff.has("discounted")) found.push(t("discountedNone"));
  return found.length ? [el("p", { class: "filtered" }, el("b", {}, t("filtered")), ...interleave(["", ...found], " · "))] : [];
}

/** The words of the values that a column holds and a filter hides, but for `usual`. */
function hidden(name, off, usual = null) {
  return heldValues[name].flatMap(({ value }) => (state[off].has(value) && value !== usual ? [VALUE_WORDS[name](value)] : []));
}

function without(names) {
  if (!names.length) return [];
  const more = names.length > MOST_NAMED ? [t("andMore", { n: number(names.length - MOST_NAMED) })] : [];
  return phrase("without", { names: () => el("span", {}, ...interleave([...names.slice(0, MOST_NAMED).map(bdi), ...more])) });
}
