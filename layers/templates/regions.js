/* Governorates shaded by what is recorded in them, and the outlines of incidents known only to an area. */
import { arabic, number, t } from "./i18n.js";
import { span } from "./dom.js";
import { column, config, drawn, layers, slices } from "./data.js";
import { isOn, passing, state } from "./state.js";
import { counting, spans } from "./counted.js";
import { COVERED, coverRegions } from "./coverage.js";
import { color, trace, unpackLines } from "./canvas.js";
import { pieces } from "./marks.js";

/* Close up, one governorate fills the map and its shade says little: from this zoom it fades over so many levels. */
const FADES_FROM = 8;
const FADES_OVER = 4;
const FAINTEST = 0.25;
const THIN = 0.6; // over images, which must stay readable
const PEOPLE = 100000; // a rate is per so many people

let units = [];
let tolls = {};
export let areas = []; // outlines of the areas that incidents are known to lie in, in the order of their numbers
const statedIn = new Map(); // by place that lies in no region, those that its source states

export async function loadRegions() {
  const names = ["regions", "areas", "stated", "killed_min", "killed_max"];
  const [regions, outlines, pairs, low, high] = await Promise.all(names.map(column));
  for (const [place, unit] of pairs) statedIn.set(place, [...(statedIn.get(place) ?? []), unit]);
  tolls = { killed_min: low.values, killed_max: high.values };
  units = regions.units.map((unit, i) => ({
    name: arabic ? unit.name_local || unit.name : unit.name,
    people: regions.people[i] || null, // nobody living there gives no rate either
    lines: unpackLines(regions.outlines[i], regions.scale),
  }));
  areas = outlines.outlines.map((rings) => unpackLines(rings, outlines.scale));
}

/** The governorate of an incident: in Arabic its local name, else `text`, its name in the data. */
export function governorate(row, text) {
  const region = arabic ? drawn.region[drawn.at[row]] : 0;
  return region ? units[region - 1].name : text;
}

let summed = { version: -1 };

/** What the choice records in each region: incidents, killed from and to (null when no figure is known), these per 100,000
    people where a population is known, `elsewhere` where all records are counted with those of other regions, or are
    only said to be here and stand in none, `leftOut` where the filters, by which discounted records are hidden too, leave
    none of the records, and `gap` where no incident is no zero: not all that is chosen was covered. */
export function sumRegions() {
  if (summed.version !== state.version) summed = { version: state.version, regions: addUp() };
  return summed.regions;
}

function addUp() {
  const incidents = new Uint32Array(units.length + 1);
  const listed = new Uint32Array(units.length + 1); // records, whether they pass the filters or not
  const records = new Uint32Array(units.length + 1);
  const open = new Uint32Array(units.length + 1);
  const unknown = new Uint32Array(units.length + 1);
  const { lows, highs, isOpen } = spans(tolls.killed_min, tolls.killed_max);
  const low = sumsOf(lows);
  const high = sumsOf(highs, lows);
  const { at, region } = drawn;
  for (const slice of slices) {
    if (!isOn(slice)) continue;
    for (let i = slice.from; i < slice.to; i++) {
      const unit = region[at[i]];
      for (const one of unit ? [unit] : (statedIn.get(at[i]) ?? [])) {
        listed[one] += 1;
        records[one] += passing[i];
      }
      if (!counting[i]) continue;
      incidents[unit] += 1;
      if (isOpen(i)) open[unit] += 1;
      if (!lows[i] && !highs[i]) unknown[unit] += 1;
      low.add(unit, i);
      high.add(unit, i);
    }
  }
  const covered = coverRegions();
  return units.map(({ people }, u) => {
    const [least, most] = [low.at(u + 1), high.at(u + 1)];
    const sum = { incidents: incidents[u + 1], killed_min: least, killed_max: most, open: open[u + 1], unknown: unknown[u + 1] };
    sum.elsewhere = !sum.incidents && records[u + 1] > 0;
    sum.leftOut = !records[u + 1] && listed[u + 1] > 0;
    if (covered) sum.gap = !listed[u + 1] && covered[u] !== COVERED;
    if (!config.breaks.killed_min_rate) return sum;
    return { ...sum, killed_min_rate: rate(least, sum.incidents, people), killed_max_rate: rate(most, sum.incidents, people) };
  });
}

/** The regions with incidents of the choice and their names: those of the highest shade first, unknown ones last. */
export function namedRegions() {
  const named = sumRegions().map((sum, i) => ({ ...sum, name: units[i].name }));
  const key = (sum) => sum[state.shade] ?? -1;
  return named.filter(({ incidents }) => incidents > 0).sort((a, b) => key(b) - key(a) || b.incidents - a.incidents);
}

/** How many regions have no incident of the choice: `zeros` where none was reported, which is no zero unless coverage is
    stated, `gaps` where not all was covered, `elsewhere` where records are told of, and `leftOut` where all are hidden. */
export function countEmpty() {
  const empty = sumRegions().filter(({ incidents }) => !incidents);
  const [gaps, elsewhere, leftOut] = ["gap", "elsewhere", "leftOut"].map((state) => empty.filter((sum) => sum[state]).length);
  return { zeros: empty.length - gaps - elsewhere - leftOut, gaps, elsewhere, leftOut };
}

export function hasRegions() {
  return units.length > 0;
}

/** People killed per 100,000: null where the population or, with incidents, the toll is unknown. */
function rate(killed, incidents, people) {
  if (people === null || (killed === null && incidents > 0)) return null;
  return ((killed ?? 0) * PEOPLE) / people;
}

function isShaded() {
  return Boolean(config.breaks[state.shade]) && hasRegions();
}

/** Whether the shades in force are rates. */
export function isRate() {
  return state.shade.endsWith("_rate");
}

/** Sums of a stored count, else of its stand-in, by region; null where no figure is known. */
function sumsOf(stored, other = stored) {
  const sums = new Float64Array(units.length + 1).fill(-1);
  return {
    add(unit, row) {
      const value = stored[row] || other[row];
      if (value) sums[unit] = Math.max(0, sums[unit]) + value - 1;
    },
    at: (unit) => (sums[unit] < 0 ? null : sums[unit]),
  };
}

/** Which class a region is in: 0 and up, "zero", "left-out" when all its records are hidden, or "unknown" when it has
    incidents and no figure of them is known or counted here, or no rate can be given. */
function classOf(sum, breaks) {
  const value = sum[state.shade];
  if (sum.elsewhere) return "unknown";
  if (sum.leftOut) return "left-out";
  if (value === null && (sum.incidents > 0 || isRate())) return "unknown";
  if (!value) return "zero";
  let found = 0;
  while (found + 1 < breaks.length && value >= breaks[found + 1]) found += 1;
  return found;
}

/** The classes in force with their words, lowest first; empty when nothing is shaded. */
export function shadeClasses() {
  const breaks = config.breaks[state.shade] ?? [];
  return breaks.map((low, i) => {
    const last = i === breaks.length - 1;
    const words = isRate() ? rateWords(low, breaks[i + 1]) : last ? t("classAndMore", { n: number(low) }) : span(low, breaks[i + 1] - 1);
    return { words, tone: `shade-${step(i, breaks.length)}` };
  });
}

function rateWords(low, next) {
  if (next === undefined) return low ? t("classAndMore", { n: number(low) }) : t("classAbove", { n: number(0) });
  return low ? t("classFromUnder", { from: number(low), to: number(next) }) : t("classUnder", { n: number(next) });
}

/** Spread few classes over the whole scale of five tones. */
function step(index, count) {
  return count === 1 ? 3 : 1 + Math.round((index * 4) / (count - 1));
}

/** Paint the governorates that the list covers; `thin` lets what is under them show, and hatches what is not covered. */
export function paintShades(context, view, thin = false) {
  if (!isShaded()) return;
  const breaks = config.breaks[state.shade];
  if (thin) hatchAround(context, view);
  const sums = sumRegions();
  const tones = new Map([["zero", color("shade-0")], ["unknown", color("shade-unknown")], ["left-out", color("shade-left-out")]]);
  breaks.forEach((_, i) => tones.set(i, color(`shade-${step(i, breaks.length)}`)));
  const strength = (thin ? THIN : 1) * Math.max(FAINTEST, Math.min(1, 1 - (view.zoom - FADES_FROM) / FADES_OVER));
  const [land, lines, lined] = [color("land"), color("region-line"), outlinesIn(view)];
  lined.forEach(({ index, path }) => {
    const { gap } = sums[index];
    context.fillStyle = gap ? land : tones.get("zero");
    if (!thin && (gap || strength < 1)) context.fill(path, "evenodd"); // opaque: the hatched land must not show through
    context.globalAlpha = gap ? 1 : strength;
    context.fillStyle = gap ? hatch(context, view) : tones.get(classOf(sums[index], breaks));
    context.fill(path, "evenodd");
    context.globalAlpha = 1;
  });
  context.strokeStyle = lines;
  context.lineWidth = 0.8;
  for (const { path } of lined) context.stroke(path);
}

let outlined = { key: "", paths: [] };

/** The outlines of the units that are in a view, [{index, path}]; kept while the view stays, for only tones change then. */
function outlinesIn(view) {
  const key = [view.scale, view.x, view.y, ...view.frame].join();
  if (outlined.key !== key) {
    const paths = units.map(({ lines }, index) => ({ index, path: new Path2D(), lines }));
    outlined = { key, paths: paths.filter(({ path, lines }) => trace(path, lines, view)) };
  }
  return outlined.paths;
}

function hatchAround(context, view) {
  context.beginPath();
  context.rect(0, 0, view.width, view.height);
  for (const unit of units) trace(context, unit.lines, view);
  context.fillStyle = hatch(context, view);
  context.fill("evenodd");
}

const HATCH = 8; // pixels from one line to the next
let pattern = null;

/** Fine diagonal lines for the land that the list does not cover, which move with it; null when nothing is shaded. */
export function hatch(context, { x, y }) {
  if (!isShaded()) return null;
  const tone = color("hatch");
  if (pattern?.tone !== tone) pattern = { tone, fill: context.createPattern(hatchTile(tone), "repeat") };
  pattern.fill.setTransform(new DOMMatrix([1, 0, 0, 1, -(x % HATCH), -(y % HATCH)]));
  return pattern.fill;
}

function hatchTile(tone) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = HATCH;
  const brush = tile.getContext("2d");
  brush.strokeStyle = tone;
  brush.beginPath();
  for (const shift of [-HATCH, 0, HATCH]) {
    brush.moveTo(shift, HATCH);
    brush.lineTo(shift + HATCH, 0);
  }
  brush.stroke();
  return tile;
}

/** Paint the outlines of the areas that symbols of this picture stand for, and fill them where no shade lies under them. */
export function paintAreas(context, view, symbols) {
  for (const symbol of symbols) {
    if (symbol.area === undefined) continue;
    context.beginPath();
    trace(context, areas[symbol.area - 1], view);
    const tone = areaTone(symbol);
    if (!isShaded()) {
      context.globalAlpha = 0.1;
      context.fillStyle = tone;
      context.fill("evenodd");
    }
    context.globalAlpha = 0.9;
    context.strokeStyle = tone;
    context.lineWidth = 1.5;
    context.setLineDash([5, 3.5]);
    context.stroke();
    context.globalAlpha = 1;
    context.setLineDash([]);
  }
}

/** The actor's colour when all incidents of the area name the same one actor, else ink. */
function areaTone({ shares, layer }) {
  return shares.length === 1 && layers[layer].actors.length === 1 ? pieces[layer][0].color : color("ink");
}
