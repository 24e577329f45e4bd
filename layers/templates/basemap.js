/* The land: a vector base map inside the page, coarse part first, detailed part over it, then a publisher's own. */
import { arabic } from "./i18n.js";
import { color, mercatorX, mercatorY, trace, unpackLines } from "./canvas.js";

let parts = [];
let labels = [];

export function loadBasemap(base) {
  parts = base.parts.map((part) => {
    const [west, south, east, north] = part.bbox;
    const unpacked = { over: Boolean(part.over), box: [mercatorX(west), mercatorY(north), mercatorX(east), mercatorY(south)] };
    for (const kind of ["land", "lakes", "rivers", "borders", "roads", "areas"]) unpacked[kind] = unpackLines(part[kind] ?? [], part.scale);
    return unpacked;
  });
  labels = base.labels.map(({ name, name_ar, lat, lon, rank }) => {
    return { text: arabic ? name_ar || name : name, x: mercatorX(lon), y: mercatorY(lat), rank };
  });
  labels.sort((a, b) => a.rank - b.rank);
}

/** Paint land and water; with `hatch`, a pattern, the land is hatched: what covers something is painted over it. */
export function paintLand(context, view, hatch) {
  const [land, water] = [color("land"), color("water")];
  context.fillStyle = water;
  context.fillRect(0, 0, view.width, view.height);
  eachPart(context, view, (part, index) => {
    if (part.over) return;
    context.fillStyle = water;
    if (index) context.fillRect(0, 0, view.width, view.height);
    fillRings(context, view, part.land, land);
    if (!hatch) return;
    context.fillStyle = hatch;
    context.fill("evenodd");
  });
}

/** Paint what lies over the land and the shades of its regions: lakes, rivers, borders. */
export function paintLines(context, view) {
  const [water, river, line, road, area] = ["water", "river", "border", "road", "border"].map(color);
  eachPart(context, view, (part) => {
    fillRings(context, view, part.lakes, water);
    strokeLines(context, view, part.rivers, river, riverWidth(view.zoom));
    strokeLines(context, view, part.roads, road, riverWidth(view.zoom));
    strokeLines(context, view, part.areas, area, 1);
    strokeLines(context, view, part.borders, line, 1);
  });
}

/** Paint each part within its own frame, and around those that replace it. */
function eachPart(context, view, paint) {
  context.lineJoin = "round";
  parts.forEach((part, index) => {
    context.save();
    if (index) clipTo(context, view, part.box);
    for (const later of parts.slice(index + 1)) if (!later.over) clipAround(context, view, later.box);
    paint(part, index);
    context.restore();
  });
}

function riverWidth(zoom) {
  return Math.max(0.6, Math.min(2.4, (zoom - 3) * 0.35));
}

function fillRings(context, view, lines, style) {
  context.beginPath();
  trace(context, lines, view);
  context.fillStyle = style;
  context.fill("evenodd");
}

function strokeLines(context, view, lines, style, width) {
  context.beginPath();
  trace(context, lines, view);
  context.strokeStyle = style;
  context.lineWidth = width;
  context.stroke();
}

/** Left, top, width and height of a box in whole pixels: a frame between pixels makes all that is drawn in it slow. */
function rectangle(view, [west, north, east, south]) {
  const [left, right] = [west, east].map((x) => Math.round(x * view.scale - view.x));
  const [top, bottom] = [north, south].map((y) => Math.round(y * view.scale - view.y));
  return [left, top, right - left, bottom - top];
}

function clipTo(context, view, box) {
  context.beginPath();
  context.rect(...rectangle(view, box));
  context.clip();
}

function clipAround(context, view, box) {
  context.beginPath();
  context.rect(0, 0, view.width, view.height);
  context.rect(...rectangle(view, box));
  context.clip("evenodd");
}

/** How a place's name is set, by rank: the capital of a country is not a village. */
const LABEL_STYLES = [
  { from: 2, font: "600 13px", spacing: "2px", tone: "label-country", dot: false, upper: true },
  { from: 4, font: "600 12.5px", spacing: "0px", tone: "label-city", dot: true },
  { from: 5.5, font: "500 12px", spacing: "0px", tone: "label-city", dot: true },
  { from: 7, font: "400 11.5px", spacing: "0px", tone: "label-town", dot: true },
  { from: 8.5, font: "400 11px", spacing: "0px", tone: "label-town", dot: true },
  { from: 10, font: "400 11px", spacing: "0px", tone: "label-town", dot: true },
];

/** Paint place names, important ones first, never over each other or over `taken` boxes [left, top, right, bottom]. */
export function paintLabels(context, view, taken) {
  const family = getComputedStyle(document.body).fontFamily;
  const halo = color("halo");
  const placed = [...taken];
  for (const { text, x, y, rank } of labels) {
    const style = LABEL_STYLES[Math.min(rank, LABEL_STYLES.length - 1)];
    const px = x * view.scale - view.x;
    const py = y * view.scale - view.y;
    if (view.zoom < style.from || px < -60 || py < -20 || px > view.width + 60 || py > view.height + 20) continue;
    context.font = `${style.font} ${family}`;
    context.letterSpacing = arabic ? "0px" : style.spacing; // letters of Arabic hang together
    const shown = style.upper ? text.toLocaleUpperCase() : text;
    const width = context.measureText(shown).width;
    const spot = place(px, py, width, style.dot, placed);
    if (!spot) continue;
    placed.push(spot.box);
    drawLabel(context, shown, spot, px, py, color(style.tone), halo, style.dot);
  }
  context.letterSpacing = "0px";
}

/** Right, left, above or below the place: the first side that is free. */
function place(px, py, width, dot, placed) {
  const gap = dot ? 5 : -width / 2;
  const sides = dot ? [[gap, 4], [-gap - width, 4], [-width / 2, -7], [-width / 2, 15]] : [[gap, 4]];
  for (const [dx, dy] of sides) {
    const box = [px + dx - 2, py + dy - 11, px + dx + width + 2, py + dy + 4];
    if (dot) box[0] = Math.min(box[0], px - 2);
    if (!placed.some((b) => box[0] < b[2] && box[2] > b[0] && box[1] < b[3] && box[3] > b[1])) {
      return { box, x: px + dx, y: py + dy };
    }
  }
  return null;
}

function drawLabel(context, text, spot, px, py, tone, halo, dot) {
  context.textAlign = "left";
  context.direction = "ltr"; // only where the line starts; letters join and run as their script does
  context.strokeStyle = halo;
  context.lineWidth = 3;
  context.setLineDash([]);
  context.strokeText(text, spot.x, spot.y);
  context.fillStyle = tone;
  context.fillText(text, spot.x, spot.y);
  if (!dot) return;
  context.beginPath();
  context.arc(px, py, 1.6, 0, 7);
  context.fill();
}
