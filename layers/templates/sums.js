/* Sums of ranges: the lowest figures and the highest figures each added up; unknown stays unknown. */
import { figure, el, $ } from "./dom.js";
import { number, range, t, tn } from "./i18n.js";
import { UNPLACED, column, drawn, slices } from "./data.js";
import { isOn, passing } from "./state.js";
import { inView } from "./symbols.js";

export const COUNTS = ["killed", "children", "women", "men", "injured", "combatants"];

/** Call back with every chosen row; `only` is a further test. */
export function eachChosen(callback, only = () => true) {
  for (const slice of slices) {
    if (!isOn(slice)) continue;
    for (let i = slice.from; i < slice.to; i++) if (passing[i] && only(i)) callback(i);
  }
}

/** Incidents in view and the sums of each count: {incidents, killed: {low, high, known, unknown}, ...}. */
export async function sumInView() {
  const stored = await Promise.all(COUNTS.flatMap((name) => [column(`${name}_min`), column(`${name}_max`)]));
  const sums = COUNTS.map(() => ({ low: 0, high: 0, known: 0 }));
  let incidents = 0;
  let unplaced = 0;
  const seen = inView();
  eachChosen((i) => {
    if (drawn.kind[i] === UNPLACED) unplaced += 1;
    if (!seen(i)) return;
    incidents += 1;
    for (let k = 0; k < COUNTS.length; k++) {
      const low = stored[2 * k][i];
      const high = stored[2 * k + 1][i];
      if (!low && !high) continue;
      sums[k].known += 1;
      sums[k].low += low ? low - 1 : 0;
      sums[k].high += high ? high - 1 : 0;
    }
  });
  const result = { incidents, unplaced };
  COUNTS.forEach((name, k) => {
    const { low, high, known: count } = sums[k];
    result[name] = { low: count ? low : null, high: count ? high : null, unknown: incidents - count };
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
    el("div", { class: "headline" }, el("b", {}, figure(range(killed.low, killed.high))), el("span", {}, t("killed").toLocaleLowerCase())),
    el("dl", { class: "parts" }, COUNTS.slice(1).filter((name) => sums[name].low !== null).map((name) => [
      el("div", {}, el("dt", {}, t(name)), el("dd", {}, figure(range(sums[name].low, sums[name].high)))),
    ]).flat()),
    killed.unknown ? el("p", { class: "quiet" }, tn("unknownToll", killed.unknown)) : "",
  );
  return sums;
}
