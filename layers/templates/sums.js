/* Sums of ranges: the lowest figures and the highest figures each added up; unknown stays unknown, and a lowest figure
   without a highest one ("at least 30") stands in both sums, as in the summary, but is told as the least alone. */
import { $, el, interleave, phrase, sumRange, tellSum } from "./dom.js";
import { number, t, tn } from "./i18n.js";
import { column, drawn, rows, slices } from "./data.js";
import { counting, spans } from "./counted.js";
import { isOn, passing } from "./state.js";
import { seen } from "./symbols.js";

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
    incidents without a highest figure; unknown sums are null. */
export function sumInView() {
  return sumAt(seen, COUNTS);
}

/** The same of the chosen incidents that are nowhere on the map, of those killed alone. */
function sumOffMap() {
  return sumAt(drawn.unplaced, COUNTS.slice(0, 1));
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
    if (!least) continue;
    sum.low += least - 1;
    from += 1;
    if (isOpen(i)) sum.open += 1;
  }
  if (!from) sum.low = null;
  if (sum.unknown === counted.length) sum.high = null;
  return sum;
}

/** Show the sums of what is in view, and what is chosen but has no place on the map. */
export async function showSums() {
  const [sums, off] = await Promise.all([sumInView(), sumOffMap()]);
  $("sums").replaceChildren(...(sums.incidents ? figures(sums) : [quiet(t("noneInView"))]), ...(off.incidents ? [offMap(off)] : []));
  return sums;
}

function quiet(...content) {
  return el("p", { class: "quiet" }, ...content);
}

function figures(sums) {
  const { incidents, killed } = sums;
  const stated = COUNTS.slice(1).filter((name) => sums[name].low !== null || sums[name].high !== null);
  return [
    el("div", { class: "headline" }, el("b", {}, number(incidents)), el("span", {}, t("inViewIncidents", { count: incidents }))),
    el("div", { class: "headline" }, el("b", {}, sumRange(killed)), el("span", {}, t("killed").toLocaleLowerCase())),
    el("dl", { class: "parts" }, stated.map((name) => part(t(name), sums[name], incidents))),
    ...(killed.unknown ? [quiet(tn("unknownToll", killed.unknown))] : []),
    ...(killed.open ? [quiet(tn("openToll", killed.open))] : []),
  ];
}

/** A sum of a part of those killed, and in how many incidents nothing is known of it. */
function part(name, sum, incidents) {
  return el("div", {}, el("dt", {}, name), el("dd", {}, tellSum(sum, incidents)));
}

function offMap({ incidents, killed }) {
  return el("p", { class: "off-map" }, ...phrase("offMap", {
    incidents: () => tn("unplaced", incidents),
    killed: () => el("span", {}, interleave(tellSum(killed, incidents))),
  }));
}
