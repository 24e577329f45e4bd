/* Coverage windows: where, when and for whom the sources of the list looked. No incident is a zero only where they did. */
import { arabic, isoDate, t, tv } from "./i18n.js";
import { $, bdi, el } from "./dom.js";
import { column, hasColumn, layers, months } from "./data.js";
import { isInSpan, isShown, state } from "./state.js";

/* As geo/coverage.py has them, from the best to the worst. */
const STATUSES = ["covered", "partial", "suspended", "not_covered", "not_stated"];
export const COVERED = 0;
export const PARTIAL = 1;
const WORST = STATUSES.length - 1;

let stated = null; // {lines, regions, windows}, or nothing when no windows are stated
let likes = []; // of each region, the first one that is covered in the same way

export async function loadCoverage() {
  if (!hasColumn("coverage")) return;
  stated = await column("coverage");
  const first = new Map();
  const perActor = Object.values(stated.regions);
  likes = (perActor[0] ?? []).map((_, region) => {
    const key = perActor.map((numbers) => numbers[region]).join();
    if (!first.has(key)) first.set(key, region);
    return first.get(key);
  });
}

export function isStated() {
  return stated !== null;
}

/** What several cells are together: one status, or partial where only some of it is covered. */
export function mergeCodes(codes) {
  let [low, high] = [WORST, COVERED];
  for (const code of codes) [low, high] = [Math.min(low, code), Math.max(high, code)];
  return low >= high || low > PARTIAL ? low : PARTIAL;
}

/** A layer's month in a region: of several actors, the best covered one. */
function codeOf(layer, month, region) {
  if (months[month] === "longer") return WORST;
  return Math.min(...layers[layer].actors.map((actor) => Number(stated.lines[stated.regions[actor][region]][month])));
}

/** How a layer is covered from one month to another in all regions together; null when no windows are stated. */
export function coverLayer(layer, [from, to]) {
  if (!stated) return null;
  const span = months.slice(from, to + 1).map((_, i) => from + i);
  return mergeCodes(span.flatMap((month) => [...new Set(likes)].map((region) => codeOf(layer, month, region))));
}

let covered = { version: -1 };

/** How each region is covered over all that is chosen; null when no windows are stated. */
export function coverRegions() {
  if (!stated) return null;
  if (covered.version === state.version) return covered.codes;
  const chosen = layers.flatMap((_, layer) => (isShown(layer) ? [layer] : []));
  const span = months.flatMap((name, month) => (isInSpan(month) && name !== "longer" ? [month] : []));
  const known = new Map([...new Set(likes)].map((region) => [region, mergeCodes(chosen.flatMap((layer) => span.map((month) => codeOf(layer, month, region))))]));
  const codes = likes.map((region) => known.get(region));
  covered = { version: state.version, codes };
  return codes;
}

/** The words of a status. */
export function coverWords(code) {
  return tv("coverages", STATUSES[code]);
}

/** The windows, each with its source and reason. */
export function showCoverage() {
  $("coverage").hidden = !stated;
  if (!stated) return;
  $("windows").replaceChildren(...stated.windows.map((window) => {
    const who = (arabic && window.label_ar) || window.label || t("allActors");
    const where = [window.admin1, window.country].filter(Boolean).join(", ");
    const until = window.to ? isoDate(window.to) : "…";
    const parts = [window.source, who, where].filter(Boolean).flatMap((text, i) => (i ? [" · ", bdi(text)] : [bdi(text)]));
    const note = window.note ? [" – ", bdi(window.note)] : [];
    return el("li", {}, ...parts, `: ${tv("coverages", window.status)} · ${isoDate(window.from)} – ${until}`, ...note);
  }));
}
