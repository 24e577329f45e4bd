/* What the reader has chosen. Modules change it with `change`, and hear of it with `onChange`.

The choice of rows has two parts: which slices are on (layers and months) and which rows pass the filters. */
import { config, layers, months, slices, sliceOf, rows, column, fold } from "./data.js";
import { countOnce, counting, eventLows } from "./counted.js";

export const state = {
  layersOff: new Set(),
  alone: null, // index of the layer shown alone, whatever is off; null for none
  months: null, // first and last index of the months shown; null for all
  shade: config.shade,
  text: "",
  gradingsOff: new Set(["discounted"]),
  precisionsOff: new Set(),
  typesOff: new Set(),
  atLeast: 0,
  table: false,
  tiles: Boolean(config.tiles),
  incident: null, // row of the open incident
  version: 0, // counts the changes of what is chosen
};

const listeners = [];

/** Call back after every change with the set of names that changed. */
export function onChange(listener) {
  listeners.push(listener);
}

export async function change(values) {
  Object.assign(state, values);
  const names = new Set(Object.keys(values));
  if (["text", "gradingsOff", "precisionsOff", "typesOff", "atLeast"].some((name) => names.has(name))) {
    await applyFilters();
    names.add("filters");
  }
  state.version += 1;
  for (const listener of listeners) listener(names);
}

/** Whether the rows of a slice are chosen. */
export function isOn({ layer, month }) {
  return isShown(layer) && isInSpan(month);
}

export function isShown(layer) {
  return state.alone === null ? !state.layersOff.has(layer) : state.alone === layer;
}

export function isInSpan(month) {
  return state.months === null || (state.months[0] <= month && month <= state.months[1]);
}

/** Whether a row is of the choice. */
export function isChosen(row) {
  return passing[row] === 1 && isOn(slices[sliceOf(row)]);
}

/** Whether exactly these months are shown. */
export function isSpan([from, to]) {
  return state.months !== null && state.months[0] === from && state.months[1] === to;
}

/** One byte per row: 1 when the row passes the filters. */
export const passing = new Uint8Array(rows).fill(1);
/** Incidents of each slice that pass the filters, related records counted once. */
export const passingIn = new Uint32Array(slices.length);
/** Records of each slice that pass the filters. */
export const recordsIn = new Uint32Array(slices.length);

async function choice(name, off) {
  const texts = await column(name);
  const allowed = new Uint8Array(texts.size);
  for (let code = 0; code < texts.size; code++) allowed[code] = off.has(texts.entry(code)) ? 0 : 1;
  return (row) => allowed[texts.code(row)];
}

/** A test of the tolls of events, to be made when `passing` says what of them is counted. */
async function tollTest(least) {
  const [low, high] = await Promise.all([column("killed_min"), column("killed_max")]);
  return () => {
    const lows = eventLows(low.values, high.values, passing);
    return (row) => lows[row] > least; // stored with one more, 0 where unknown
  };
}

const SEARCHED = ["incident_id", "place", "place_local", "admin1", "admin2", "country", "adm1_name", "event_type", "description", "sources"];

async function search(text) {
  const needle = fold(text.trim());
  const searched = await Promise.all(SEARCHED.map(column));
  const found = searched.map((texts) => texts.find(needle));
  const named = layers.map((layer) => layer.actors.some((id) => fold(`${actorNames(id)}`).includes(needle)));
  const hit = new Uint8Array(rows);
  for (const { layer, from, to } of slices) if (named[layer]) hit.fill(1, from, to);
  for (let i = 0; i < rows; i++) for (let k = 0; k < found.length && !hit[i]; k++) hit[i] = found[k][searched[k].code(i)];
  return (row) => hit[row];
}

function actorNames(id) {
  const actor = config.actors[id];
  return `${id} ${actor.label} ${actor.label_ar}`;
}

/** Work out `passing` and `passingIn` from the filters in force. */
async function applyFilters() {
  const tests = [];
  if (state.gradingsOff.size) tests.push(await choice("grading", state.gradingsOff));
  if (state.precisionsOff.size) tests.push(await choice("precision", state.precisionsOff));
  if (state.typesOff.size) tests.push(await choice("event_type", state.typesOff));
  if (state.text.trim()) tests.push(await search(state.text));
  const toll = state.atLeast > 0 ? await tollTest(state.atLeast) : null;
  passing.fill(1);
  const keep = (test) => {
    for (let i = 0; i < rows; i++) if (passing[i] && !test(i)) passing[i] = 0;
  };
  tests.forEach(keep);
  if (toll) keep(toll()); // the last, of what the others leave of an event
  countOnce(passing);
  slices.forEach(({ from, to }, index) => {
    passingIn[index] = recordsIn[index] = 0;
    for (let i = from; i < to; i++) {
      passingIn[index] += counting[i];
      recordsIn[index] += passing[i];
    }
  });
}

const UNSTATED = "unstated"; // in the address, for the grading or precision of records that state none

const REST = 150; // ms without a change after which the address is written: browsers take a while for it
let unwritten = null; // the view to write, and the timer that will

/** Write the choice into the page's address, so that a link opens the same view, once the reader rests. */
export function writeHash(view) {
  clearTimeout(unwritten?.timer);
  unwritten = { view, timer: setTimeout(flushHash, REST) };
}

/** Write now what is not written yet. */
export function flushHash() {
  if (!unwritten) return;
  const { view, timer } = unwritten;
  clearTimeout(timer);
  unwritten = null;
  if (location.protocol === "about:") return; // in a notebook the page has no address of its own
  const parts = new URLSearchParams();
  parts.set("map", `${view.zoom}/${view.lat.toFixed(4)}/${view.lng.toFixed(4)}`);
  for (const layer of state.layersOff) parts.append("off", layers[layer].key);
  if (state.alone !== null) parts.set("alone", layers[state.alone].key);
  if (state.months) parts.set("months", state.months.map((i) => months[i]).join(" "));
  if (state.shade !== config.shade) parts.set("shade", state.shade);
  if (state.text) parts.set("q", state.text);
  const words = (off) => [...off].map((value) => value || UNSTATED).join(" ");
  const gradings = words(state.gradingsOff);
  if (gradings !== "discounted") parts.set("gradings", gradings);
  if (state.precisionsOff.size) parts.set("precisions", words(state.precisionsOff));
  if (state.typesOff.size) parts.set("types", JSON.stringify([...state.typesOff]));
  if (state.atLeast) parts.set("killed", state.atLeast);
  if (state.table) parts.set("table", "1");
  if (config.tiles && !state.tiles) parts.set("tiles", "off");
  if (state.incident !== null) parts.set("incident", state.incidentId);
  if (document.body.classList.contains("embed")) parts.set("embed", "1");
  history.replaceState(null, "", `#${parts}`);
}

/** Read the choice from the page's address; returns the view and incident it names, if any. */
export async function readHash() {
  clearTimeout(unwritten?.timer);
  unwritten = null;
  const parts = new URLSearchParams(location.hash.slice(1));
  const keys = new Map(layers.map((layer, index) => [layer.key, index]));
  const list = (name) => (parts.get(name) ?? "").split(" ").filter(Boolean);
  const values = (name) => new Set(list(name).map((word) => (word === UNSTATED ? "" : word)));
  const off = parts.getAll("off").flatMap((text) => (keys.has(text) ? [text] : text.split(" "))); // older links join keys
  state.layersOff = new Set(off.filter((key) => keys.has(key)).map((key) => keys.get(key)));
  state.alone = keys.get(parts.get("alone")) ?? null;
  const span = list("months").map((month) => months.indexOf(month));
  state.months = span.length === 2 && !span.includes(-1) ? span : null;
  state.shade = ["none", ...Object.keys(config.breaks)].includes(parts.get("shade")) ? parts.get("shade") : config.shade;
  state.text = parts.get("q") ?? "";
  state.gradingsOff = parts.has("gradings") ? values("gradings") : new Set(["discounted"]);
  state.precisionsOff = values("precisions");
  state.typesOff = new Set(readTypes(parts.get("types")));
  state.atLeast = Math.max(0, Number.parseInt(parts.get("killed"), 10) || 0);
  state.table = parts.has("table");
  state.tiles = Boolean(config.tiles) && parts.get("tiles") !== "off";
  document.body.classList.toggle("embed", parts.has("embed"));
  await applyFilters();
  state.version += 1; // not before: what is painted meanwhile is of the choice before
  const [zoom, lat, lng] = (parts.get("map") ?? "").split("/").map(Number);
  const view = [zoom, lat, lng].every(Number.isFinite) ? { zoom, lat, lng } : null;
  return { view, incident: parts.get("incident") };
}

function readTypes(text) {
  try {
    const types = JSON.parse(text ?? "[]");
    return Array.isArray(types) ? types : [];
  } catch {
    return [];
  }
}
