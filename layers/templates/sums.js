/* Sums of ranges: the lowest figures and the highest figures each added up; unknown stays unknown, and a lowest figure
   without a highest one ("at least 30") stands in both sums, as in the summary. */
import { $, el, range } from "./dom.js";
import { number, t, tn } from "./i18n.js";
import { column, slices } from "./data.js";
import { counting, spans } from "./counted.js";
import { isOn, passing } from "./state.js";
import { isInView } from "./symbols.js";

export const COUNTS = ["killed", "children", "women", "men", "injured", "combatants"];

/** Call back with every chosen row that passes a further test. */
export function eachChosen(callback, only = () => true) {
  for (const slice of slices) {
    if (!isOn(slice)) continue;
    for (let i = slice.from; i < slice.to; i++) if (passing[i] && only(i)) callback(i);
  }
}

/** Incidents in view and the sums of each count: {incidents, killed: {low, high, unknown, open}, ...}; `open` counts
    incidents without a highest figure; unknown sums are null. */
export async function sumInView() {
  const stored = await Promise.all(COUNTS.map((name) => Promise.all([column(`${name}_min`), column(`${name}_max`)])));
  const sums = stored.map(([low, high]) => ({ ...spans(low.values, high.values), low: 0, high: 0, from: 0, unknown: 0, open: 0 }));
  let incidents = 0;
  eachChosen((i) => {
    if (!counting[i]) return;
    incidents += 1;
    for (const sum of sums) {
      const low = sum.lows[i];
      const high = sum.highs[i] || low;
      if (!high) sum.unknown += 1;
      else sum.high += high - 1;
      if (!low) continue;
      sum.low += low - 1;
      sum.from += 1;
      if (sum.isOpen(i)) sum.open += 1;
    }
  }, isInView);
  const result = { incidents };
  COUNTS.forEach((name, k) => {
    const { low, high, from, unknown, open } = sums[k];
    result[name] = { low: from ? low : null, high: unknown < incidents ? high : null, unknown, open };
  });
  return result;
}

/** Show the sums of what is in view. */
export async function showSums() {
  const sums = await sumInView();
  const box = $("sums");
  if (!sums.incidents) {
    box.replaceChildren(el("p", { class: "quiet" }, t("noneInView")));
    return sums;
  }
  const { killed } = sums;
  box.replaceChildren(
    el("div", { class: "headline" }, el("b", {}, number(sums.incidents)), el("span", {}, t("inViewIncidents", { count: sums.incidents }))),
    el("div", { class: "headline" }, el("b", {}, range(killed.low, killed.high)), el("span", {}, t("killed").toLocaleLowerCase())),
    el("dl", { class: "parts" }, COUNTS.slice(1).filter((name) => sums[name].low !== null || sums[name].high !== null).map((name) => [
      el("div", {}, el("dt", {}, t(name)), el("dd", {}, range(sums[name].low, sums[name].high))),
    ]).flat()),
    killed.unknown ? el("p", { class: "quiet" }, tn("unknownToll", killed.unknown)) : "",
    killed.open ? el("p", { class: "quiet" }, tn("openToll", killed.open)) : "",
  );
  return sums;
}
