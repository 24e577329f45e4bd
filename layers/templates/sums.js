/* Sums of ranges: the lowest figures and the highest figures each added up; unknown stays unknown, and a lowest figure
   without a highest one ("at least 30") stands in both sums, as in the summary, but is told as the least alone. */
import { $, el, interleave, phrase, sumRange, tellSum } from "./dom.js";
import { number, t, tn } from "./i18n.js";
import { column, drawn, places, rows, slices } from "./data.js";
import { counting, spans } from "./counted.js";
import { isOn, passing, state } from "./state.js";
import { seen } from "./symbols.js";
import { tellFilters } from "./filters.js";

export const COUNTS = ["killed", "children", "women", "men", "injured", "combatants"];

/** The chosen rows whose places are marked, in order; `marked` has one byte per place, `which` one per row. */
export function chosenAt(marked, which = passing) {
  const found = new Int32Array(rows);
  const { at } = drawn;
  let count = 0;
  for (const slice of slices) {
    if (!isOn(slice)) continue;
    for (let i = slice.from; i < slice.to; i++) if (which[i] && marked[at[i]]) found[count++] = i;
  }
  return found.subarray(0, count);
}

/** Incidents in view and the sums of each count: {incidents, killed: {low, high, unknown, open}, ...}; `open` counts
    incidents of which a figure is known, and no highest one; unknown sums are null. */
export function sumInView() {
  return sumAt(seen, COUNTS);
}

/** Every place, to be asked for as others are by what is marked. */
export const everywhere = new Uint8Array(places).fill(1);
let kept = { version: -1 };

/** The same of all that is chosen, and of what of it is nowhere on the map; kept while the choice stays. */
function sumChosen() {
  if (kept.version !== state.version) {
    kept = { version: state.version, sums: Promise.all([everywhere, drawn.unplaced].map((marked) => sumAt(marked, COUNTS))) };
  }
  return kept.sums;
}

async function sumAt(marked, counts) {
  const stored = await Promise.all(counts.map((name) => Promise.all([column(`${name}_min`), column(`${name}_max`)])));
  const counted = chosenAt(marked, counting);
  const sums = stored.map((ends) => (ends.every(({ isEmpty }) => isEmpty) ? nothing(counted) : sumCount(counted, ends)));
  return { incidents: counted.length, ...Object.fromEntries(counts.map((name, k) => [name, sums[k]])) };
}

function nothing(counted) {
  return { low: null, high: null, unknown: counted.length, open: 0 };
}

function sumCount(counted, [{ values: low }, { values: high }]) {
  const { lows, highs, isOpen } = spans(low, high);
  const sum = { low: 0, high: 0, unknown: 0, open: 0 };
  let from = 0;
  for (let k = 0; k < counted.length; k++) {
    const i = counted[k];
    const least = lows[i];
    const most = highs[i] || least;
    if (!most) sum.unknown += 1;
    else sum.high += most - 1;
    if (isOpen(i)) sum.open += 1;
    if (!least) continue;
    sum.low += least - 1;
    from += 1;
  }
  if (!from) sum.low = null;
  if (sum.unknown === counted.length) sum.high = null;
  return sum;
}

/** Show which filters are on, the sums of all that is chosen, and what of it is in view, or on the map, and what is not on the map. */
export async function showSums() {
  const [view, [all, off]] = await Promise.all([sumInView(), sumChosen()]);
  const notOnMap = () => (off.incidents ? [tellShare("offMap", tn("unplaced", off.incidents), off)] : []);
  $("sums").replaceChildren(...tellFilters(), ...(all.incidents ? figures(all) : [quiet(t("noneChosen"))]), ...tellInView(view, all, off), ...notOnMap());
  $("embed-filtered").replaceChildren(...tellFilters());
  $("embed-off").replaceChildren(...notOnMap());
}

/** What of all that is chosen is in view; nothing where that is all of it. */
function tellInView(view, all, off) {
  if (view.incidents === all.incidents) return [];
  if (!view.incidents) return [quiet(t("noneInView"))];
  const words = tn("incidents", view.incidents);
  if (view.incidents + off.incidents === all.incidents) return [tellShare("onMap", words, view)];
  return [tellShare("inView", words, view), tellParts(view)];
}

function quiet(...content) {
  return el("p", { class: "quiet" }, ...content);
}

function figures(sums) {
  const { incidents, killed } = sums;
  return [
    el("div", { class: "headline" }, el("b", {}, number(incidents)), el("span", {}, t("incidentsNoun", { count: incidents }))),
    el("div", { class: "headline" }, el("b", {}, sumRange(killed)), el("span", {}, t("killed").toLocaleLowerCase())),
    tellParts(sums),
    ...(killed.unknown ? [quiet(tn("unknownToll", killed.unknown))] : []),
    ...(killed.open ? [quiet(tn("openToll", killed.open))] : []),
  ];
}

/** The sums of what else is counted, and in how many incidents nothing is known of it. */
function tellParts(sums) {
  const stated = COUNTS.slice(1).filter((name) => sums[name].low !== null || sums[name].high !== null);
  const part = (name) => el("div", {}, el("dt", {}, t(name)), el("dd", {}, tellSum(sums[name], sums.incidents)));
  return el("dl", { class: "parts" }, stated.map(part));
}

/** Some of the incidents in one line: the words for them, and how many were killed in them. */
function tellShare(key, words, { incidents, killed }) {
  return el("p", { class: "share" }, ...phrase(key, {
    incidents: () => words,
    killed: () => el("span", {}, interleave(tellSum(killed, incidents))),
  }));
}
