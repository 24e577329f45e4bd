/* Sums of ranges: the lowest figures and the highest figures each added up; unknown stays unknown. */
import { $, el, range } from "./dom.js";
import { number, t, tn } from "./i18n.js";
import { column, slices } from "./data.js";
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

/** Incidents in view and the sums of each count: {incidents, killed: {low, high, unknown}, ...}; unknown sums are null. */
export async function sumInView() {
  const stored = await Promise.all(COUNTS.flatMap((name) => [column(`${name}_min`), column(`${name}_max`)]));
  const values = stored.map((numbers) => numbers.values);
  const sums = new Float64Array(values.length);
  const known = new Uint32Array(values.length);
  const neither = new Uint32Array(COUNTS.length);
  let incidents = 0;
  eachChosen((i) => {
    incidents += 1;
    for (let k = 0; k < values.length; k++) {
      if (!values[k][i]) continue;
      sums[k] += values[k][i] - 1;
      known[k] += 1;
    }
    for (let k = 0; k < COUNTS.length; k++) if (!values[2 * k][i] && !values[2 * k + 1][i]) neither[k] += 1;
  }, isInView);
  const result = { incidents };
  const sum = (k) => (known[k] ? sums[k] : null);
  COUNTS.forEach((name, k) => (result[name] = { low: sum(2 * k), high: sum(2 * k + 1), unknown: neither[k] }));
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
  );
  return sums;
}
