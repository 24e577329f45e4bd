/* Governorates shaded by what is recorded in them, and the outlines of incidents known only to an area. */
import { arabic, number, range, t } from "./i18n.js";
import { column, config, drawn, known, layers, project, slices } from "./data.js";
import { isOn, passing, state } from "./state.js";
import { color, trace, unpackLines } from "./canvas.js";
import { pieces } from "./marks.js";

let units = [];
let areas = [];

export async function loadRegions() {
  const [regions, outlines] = await Promise.all([column("regions"), column("areas")]);
  units = regions.units.map((unit, i) => ({
    name: arabic ? unit.name_local || unit.name : unit.name,
    lines: unpackLines(regions.outlines[i], regions.scale, project),
  }));
  areas = outlines.outlines.map((rings) => unpackLines(rings, outlines.scale, project));
}

export function areaCount() {
  return areas.length;
}

/** What the choice records in each region: incidents, killed from and to, incidents of unknown toll. */
export function sumRegions() {
  const sums = units.map(() => ({ incidents: 0, killed_min: 0, killed_max: 0, unknown: 0 }));
  for (const slice of slices) {
    if (!isOn(slice)) continue;
    for (let i = slice.from; i < slice.to; i++) {
      if (!passing[i] || !drawn.region[i]) continue;
      const sum = sums[drawn.region[i] - 1];
      const low = known(drawn.killed_min[i]);
      const high = known(drawn.killed_max[i]);
      sum.incidents += 1;
      sum.killed_min += low ?? 0;
      sum.killed_max += high ?? 0;
      if (low === null && high === null) sum.unknown += 1;
    }
  }
  return sums;
}

/** Which class a region is in: 0 and up, "zero", or "unknown" when no toll of its incidents is known. */
function classOf(sum, breaks) {
  const value = sum[state.shade];
  if (state.shade !== "incidents" && sum.incidents > 0 && sum.unknown === sum.incidents) return "unknown";
  if (value === 0) return "zero";
  let found = 0;
  while (found + 1 < breaks.length && value >= breaks[found + 1]) found += 1;
  return found;
}

/** The classes in force with their words, lowest first; empty when nothing is shaded. */
export function shadeClasses() {
  const breaks = config.breaks[state.shade] ?? [];
  return breaks.map((low, i) => {
    const last = i === breaks.length - 1;
    const words = last ? t("classAndMore", { n: number(low) }) : range(low, breaks[i + 1] - 1);
    return { index: i, words, color: color(`shade-${step(i, breaks.length)}`) };
  });
}

/** Spread few classes over the whole scale of five tones. */
function step(index, count) {
  return count === 1 ? 3 : 1 + Math.round((index * 4) / (count - 1));
}

/** Paint what is shaded; where the list covers nothing, the land is hatched. */
export function paintShades(context, view) {
  const breaks = config.breaks[state.shade];
  if (!breaks || !units.length) return;
  hatch(context, view);
  const sums = sumRegions();
  const tones = new Map([["zero", color("shade-0")], ["unknown", color("shade-unknown")]]);
  breaks.forEach((_, i) => tones.set(i, color(`shade-${step(i, breaks.length)}`)));
  units.forEach((unit, index) => {
    context.beginPath();
    trace(context, unit.lines, view, true);
    context.fillStyle = tones.get(classOf(sums[index], breaks));
    context.fill("evenodd");
    context.strokeStyle = color("region-line");
    context.lineWidth = 0.8;
    context.setLineDash([]);
    context.stroke();
  });
}

let pattern = null;

/** Fine diagonal lines over the land painted so far. */
function hatch(context, view) {
  const tone = color("hatch");
  if (!pattern || pattern.tone !== tone) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const brush = tile.getContext("2d");
    brush.strokeStyle = tone;
    brush.lineWidth = 1;
    brush.beginPath();
    for (const shift of [-8, 0, 8]) {
      brush.moveTo(shift, 8);
      brush.lineTo(shift + 8, 0);
    }
    brush.stroke();
    pattern = { tone, fill: context.createPattern(tile, "repeat") };
  }
  context.fillStyle = pattern.fill;
  context.fillRect(0, 0, view.width, view.height);
}

/** Paint the outlines of the areas that symbols of this picture stand for. */
export function paintAreas(context, view, symbols) {
  for (const symbol of symbols) {
    if (symbol.area === undefined) continue;
    context.beginPath();
    trace(context, areas[symbol.area - 1], view, true);
    const tone = areaTone(symbol);
    context.globalAlpha = 0.1;
    context.fillStyle = tone;
    context.fill("evenodd");
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
function areaTone(symbol) {
  const layer = symbol.shares && symbol.shares.length > 1 ? null : (symbol.shares?.[0].layer ?? symbol.layer);
  return layer !== null && layers[layer].actors.length === 1 ? pieces[layer][0].color : color("ink");
}
