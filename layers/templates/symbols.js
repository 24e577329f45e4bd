/* The picture: base map, shades, areas, rings, marks, names, and what lies under the pointer. */
/* global L */
import { km, number, t } from "./i18n.js";
import { AREA, config, drawn, isPlaced, latLng, places } from "./data.js";
import { isChosen, state } from "./state.js";
import { CanvasLayer, EARTH_KM, color, drawOnPaper, project } from "./canvas.js";
import { paintLabels, paintLand, paintLines } from "./basemap.js";
import { hatch, paintAreas, paintShades } from "./regions.js";
import { findingAt, findingBoxes, paintFindings } from "./notes.js";
import { paintMany, paintMark } from "./marks.js";
import { gather, members, symbolOfRow } from "./crowd.js";
import { areTilesSeen, startTiles, switchTiles } from "./tiles.js";

const THOUSAND = 1000; // radii travel in metres
const CORNER = [96, 34]; // pixels of the scale bar, over which no name is drawn
const CLAIMED = 5; // pixels of radius of a claimed point
const REACH = 6; // pixels around a symbol that still count as on it

/* Leaflet's scale bar knows its units in English alone. */
const Scale = L.Control.Scale.extend({
  _updateMetric(most) {
    const metres = this._getRoundNum(most);
    const words = metres < THOUSAND ? t("metres", { n: number(metres) }) : km(metres / THOUSAND);
    this._mScale.dir = document.documentElement.dir;
    this._updateScale(this._mScale, words, metres / most);
  },
});

export let map = null;
const layersOfMap = {}; // canvases by what they show, from the ground up
let symbols = [];
let picture = null; // the view of `symbols`

export function makeMap(shell) {
  map = shell;
  const paints = {
    land: (c, view) => paintLand(c, view, hatch(c, view)),
    shades: (c, view) => paintShades(c, view, areTilesSeen()),
    lines: (c, view) => areTilesSeen() || paintLines(c, view),
    marks: paintMarks,
  };
  Object.entries(paints).forEach(([name, paint], level) => {
    map.createPane(name).style.zIndex = 200 + 50 * level;
    layersOfMap[name] = new CanvasLayer(paint, { pane: name, slides: paint !== paintMarks });
  });
  new Scale({ imperial: false, position: "bottomright" }).addTo(map);
  L.control.zoom({ position: "topright", zoomInTitle: t("zoomIn"), zoomOutTitle: t("zoomOut") }).addTo(map);
  if (config.tiles) map.options.zoomSnap = 1; // images of whole levels are sharp and join without seams
  map.setMaxZoom(15).setMaxBounds([[-85, -200], [85, 200]]);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) keepStill();
  return map;
}

/** Let the map jump where it would glide. */
function keepStill() {
  map._zoomAnimated = false; // Leaflet reads its option only when the map is made
  map.options.inertia = false;
  map.panBy = (offset, options) => L.Map.prototype.panBy.call(map, offset, { ...options, animate: false });
}

/** Add the layers to the map; it must have a view. */
export function startPainting() {
  for (const layer of Object.values(layersOfMap)) layer.addTo(map);
  startTiles(map, repaintAll);
}

/** Paint what the named choices change. */
export function repaint(names) {
  if (names.has("tiles")) {
    switchTiles(map);
    return repaintAll();
  }
  if (names.has("shade")) layersOfMap.land.repaint();
  if ([...names].some((name) => !["incident", "table"].includes(name))) layersOfMap.shades.repaint();
  layersOfMap.marks.repaint();
}

export function drawForPrint(on) {
  drawOnPaper(Object.values(layersOfMap), on);
}

export function repaintAll() {
  for (const layer of Object.values(layersOfMap)) layer.repaint();
}

/** The bounds of some rows, as Leaflet takes them; null when none is placed. */
export function boundsOf(rows) {
  const placed = rows.filter(isPlaced);
  return placed.length ? L.latLngBounds(placed.map(latLng)) : null;
}

const EDGE_OF_ALL = 28; // pixels around everything that is shown
const SPOT = 0.05, ROUND_SPOT = 0.75; // degrees: what is smaller is shown with its surroundings
let fitted = null; // the view that shows everything, while the reader has not left it

export function fitAll() {
  const [[south, west], [north, east]] = config.bounds ?? [[-55, -170], [70, 170]];
  const round = Math.max(north - south, east - west) < SPOT ? ROUND_SPOT : 0;
  const area = [[south - round, west - round], [north + round, east + round]];
  const { x, y } = map.getSize();
  const edge = Math.min(EDGE_OF_ALL, x / 6, y / 6); // of a strip an edge must not be all
  map.fitBounds(area, { padding: [edge, edge], maxZoom: 11, animate: false });
  fitted = { center: map.getCenter(), zoom: map.getZoom() };
}

/** The map's frame has another size: its centre stays, and who saw everything goes on seeing everything. */
export function resize() {
  const { clientWidth, clientHeight } = map.getContainer();
  if (map.getSize().equals([clientWidth, clientHeight])) return;
  const whole = fitted && map.getZoom() === fitted.zoom && map.getCenter().equals(fitted.center);
  map.invalidateSize({ animate: false });
  if (whole) fitAll();
}

function paintMarks(context, view) {
  symbols = gather(view);
  picture = view;
  markSeen();
  const style = {
    outline: color("outline"),
    paper: color("paper"),
    ink: color("ink"),
    family: getComputedStyle(document.body).fontFamily,
  };
  paintFindings(context, view);
  paintAreas(context, view, symbols);
  for (const symbol of symbols) if (symbol.area === undefined && isOnePoint(symbol)) paintRing(context, view, symbol, style);
  if (!areTilesSeen()) paintLabels(context, view, [...symbols.map(boxOf), ...findingBoxes(view), cornerOf(view)]);
  if (state.incident !== null && isChosen(state.incident)) paintClaimed(context, view, style);
  for (const symbol of symbols.slice().reverse()) { // those of areas, which come last, lie below
    if (symbol.n > 1 || symbol.area !== undefined) paintMany(context, symbol, style);
    else paintMark(context, symbol.layer, symbol.x, symbol.y, symbol.radius, style.outline);
  }
  paintChosen(context, style);
}

function boxOf({ x, y, radius }) {
  return [x - radius - 2, y - radius - 2, x + radius + 2, y + radius + 2];
}

/** The corner of the scale bar. */
function cornerOf({ inset }) {
  return [inset.right - CORNER[0], inset.bottom - CORNER[1], inset.right, inset.bottom];
}

/** Pixels per km at a place's latitude. */
function pixelsPerKm(view, place) {
  const latitude = (drawn.lat[place] / 1e5) * (Math.PI / 180);
  return view.scale / (EARTH_KM * Math.cos(latitude));
}

/** Whether all incidents of a symbol are known to the same point. */
function isOnePoint({ places }) {
  const [first] = places;
  return places.every((place) => drawn.lat[place] === drawn.lat[first] && drawn.lon[place] === drawn.lon[first]);
}

/** The circle within which the incidents of a point happened, as wide as the least precise; once it exceeds the mark. */
function paintRing(context, view, symbol, style) {
  const [place] = symbol.places;
  const reach = (Math.max(...symbol.places.map((one) => drawn.precision_km[one])) - 1) / THOUSAND;
  const radius = reach * pixelsPerKm(view, place);
  if (!(radius > symbol.radius + 3)) return;
  context.beginPath();
  context.arc(symbol.x, symbol.y, radius, 0, 7);
  context.globalAlpha = 0.07;
  context.fillStyle = style.ink;
  context.fill();
  context.globalAlpha = 0.55;
  context.strokeStyle = style.ink;
  context.lineWidth = 1;
  context.setLineDash([2, 2]);
  context.stroke();
  context.setLineDash([]);
  context.globalAlpha = 1;
}

let claimed = []; // where claims put the incident being read, in world coordinates

/** Show while an incident is read where claims put it: [[latitude, longitude], ...]. */
export function chooseClaimed(points) {
  claimed = points.map(([latitude, longitude]) => project(longitude, latitude));
}

/** Where claims put the incident being read: a hollow circle each, and the line to its own point. */
function paintClaimed(context, view, style) {
  const place = drawn.at[state.incident];
  const [fromX, fromY] = [drawn.x[place] * view.scale - view.x, drawn.y[place] * view.scale - view.y];
  context.strokeStyle = style.ink;
  context.fillStyle = style.paper;
  context.lineWidth = 1.6;
  for (const [worldX, worldY] of claimed) {
    const [x, y] = [worldX * view.scale - view.x, worldY * view.scale - view.y];
    context.beginPath();
    context.moveTo(fromX, fromY);
    context.lineTo(x, y);
    context.stroke();
    context.beginPath();
    context.arc(x, y, CLAIMED, 0, 7);
    context.fill();
    context.stroke();
  }
}

/** A ring around the symbol that holds the incident being read. */
function paintChosen(context, style) {
  if (state.incident === null || !isChosen(state.incident)) return;
  const symbol = symbols[symbolOfRow(state.incident)];
  if (!symbol) return;
  context.beginPath();
  context.arc(symbol.x, symbol.y, symbol.radius + 6, 0, 7);
  context.strokeStyle = style.ink;
  context.lineWidth = 2.5;
  context.stroke();
}

/** The symbol under a point of the map's container, the topmost of several: {index, symbol}, or null. */
export function pick(point) {
  if (!picture) return null;
  const x = point.x + picture.inset.left;
  const y = point.y + picture.inset.top;
  let best = null;
  let least = Infinity;
  symbols.forEach((symbol, index) => {
    const distance = Math.max(0, Math.hypot(symbol.x - x, symbol.y - y) - symbol.radius);
    if (distance < REACH && distance < least) {
      best = { index, symbol };
      least = distance;
    }
  });
  return best;
}

/** The finding whose sign is under a point of the map's container, or null. */
export function pickFinding(point) {
  return picture && findingAt(point.x + picture.inset.left, point.y + picture.inset.top, picture);
}

export function rowsOf({ index, symbol }) {
  return symbol.n === 1 ? [symbol.row] : members(index);
}

/** One byte per place: 1 for those in the visible map. */
export const seen = new Uint8Array(places);

function markSeen() {
  const { scale, x, y, inset } = picture;
  const [left, top, right, bottom] = [inset.left + x, inset.top + y, inset.right + x, inset.bottom + y];
  for (let place = 0; place < places; place++) {
    const px = drawn.x[place] * scale;
    const py = drawn.y[place] * scale;
    seen[place] = !drawn.unplaced[place] && px >= left && px <= right && py >= top && py <= bottom ? 1 : 0;
  }
}

/** What stands in the visible map, for tests and for the curious. */
export function describePicture() {
  const { inset } = picture;
  return symbols.map(({ x, y, n, layer, area, radius }, index) => {
    return { x: x - inset.left, y: y - inset.top, n, radius, layer, area: area ?? null, rows: members(index) };
  });
}

/** Bring a row into view. */
export function goTo(row) {
  if (!isPlaced(row)) return;
  const at = latLng(row);
  const near = drawn.kind[drawn.at[row]] === AREA ? 7 : 9;
  if (!map.getBounds().pad(-0.1).contains(at)) map.setView(at, Math.max(map.getZoom(), near));
}
