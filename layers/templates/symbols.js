/* The picture: base map, shades, areas, rings, marks, names, and what lies under the pointer. */
/* global L */
import { t } from "./i18n.js";
import { $ } from "./dom.js";
import { AREA, config, drawn, rows, slices, sliceOf, UNPLACED } from "./data.js";
import { state } from "./state.js";
import { CanvasLayer, color } from "./canvas.js";
import { paintBasemap, paintLabels } from "./basemap.js";
import { areaCount, paintAreas, paintShades } from "./regions.js";
import { paintMany, paintMark } from "./marks.js";
import { gather, groupOfRow, members } from "./crowd.js";

const RADIUS_KM = 1000;
const EARTH_KM = 40075.017; // length of the equator on the map's sphere
const REACH = 6; // pixels around a symbol that still count as on it

export let map = null;
let landLayer = null;
let marksLayer = null;
let symbols = [];
let picture = null; // the view of `symbols`

export function makeMap(shell) {
  map = shell;
  map.createPane("land").style.zIndex = 200;
  map.createPane("marks").style.zIndex = 450;
  landLayer = new CanvasLayer((context, view) => paintBasemap(context, view, paintShades), { pane: "land", padding: 0.15 });
  marksLayer = new CanvasLayer(paintMarks, { pane: "marks" });
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
  L.control.zoom({ position: "topright", zoomInTitle: t("zoomIn"), zoomOutTitle: t("zoomOut") }).addTo(map);
  map.setMaxZoom(15).setMaxBounds([[-85, -200], [85, 200]]);
  return map;
}

/** Add the layers to the map; it must have a view. */
export function startPainting() {
  landLayer.addTo(map);
  marksLayer.addTo(map);
}

export function repaint(names) {
  if (names.has("shade") || names.has("filters") || names.has("month") || names.has("cell") || names.has("layersOff")) landLayer.repaint();
  marksLayer.repaint();
}

export function repaintAll() {
  landLayer.repaint();
  marksLayer.repaint();
}

/** The bounds of everything placed, as Leaflet takes them; null when nothing is. */
export function bounds(chosen = null) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  const add = (i) => {
    if (drawn.kind[i] === UNPLACED) return;
    const [lon, lat] = [drawn.lon[i] / 1e5, drawn.lat[i] / 1e5];
    west = Math.min(west, lon);
    east = Math.max(east, lon);
    south = Math.min(south, lat);
    north = Math.max(north, lat);
  };
  if (chosen) chosen.forEach(add);
  else for (let i = 0; i < rows; i++) add(i);
  return west > east ? null : [[south, west], [north, east]];
}

let fitted = null; // the view that shows everything, while the reader has not left it

export function fitAll() {
  const area = config.bounds ?? [[-55, -170], [70, 170]];
  map.fitBounds(area, { padding: [28, 28], maxZoom: 11, animate: false });
  fitted = { center: map.getCenter(), zoom: map.getZoom() };
}

/** The map's frame has another size: who saw everything goes on seeing everything. */
export function resize() {
  const whole = fitted && map.getZoom() === fitted.zoom && map.getCenter().equals(fitted.center);
  map.invalidateSize({ animate: false, pan: false });
  if (whole) fitAll();
}

function paintMarks(context, view) {
  symbols = gather(view, areaCount());
  picture = view;
  const style = {
    outline: color("outline"),
    paper: color("paper"),
    ink: color("ink"),
    family: getComputedStyle(document.body).fontFamily,
  };
  for (const symbol of symbols) symbol.layer = slices[sliceOf(symbol.row)].layer;
  paintAreas(context, view, symbols);
  for (const symbol of symbols) if (symbol.n === 1 && symbol.area === undefined) paintRing(context, view, symbol, style);
  paintLabels(context, view, symbols.map(boxOf));
  for (const symbol of symbols) {
    if (symbol.n > 1 || symbol.area !== undefined) paintMany(context, withShares(symbol), style);
    else paintMark(context, symbol.layer, symbol.x, symbol.y, symbol.radius, style.outline);
  }
  paintChosen(context, view, style);
}

function withShares(symbol) {
  symbol.shares ??= [{ layer: symbol.layer, n: 1, share: 1 }];
  return symbol;
}

function boxOf({ x, y, radius }) {
  return [x - radius - 2, y - radius - 2, x + radius + 2, y + radius + 2];
}

/** Pixels per km at a row's latitude. */
function pixelsPerKm(view, row) {
  const latitude = (drawn.lat[row] / 1e5) * (Math.PI / 180);
  return view.scale / (EARTH_KM * Math.cos(latitude));
}

/** The circle within which the incident happened, once it is larger than the mark. */
function paintRing(context, view, symbol, style) {
  const km = (drawn.precision_km[symbol.row] - 1) / RADIUS_KM;
  const radius = km * pixelsPerKm(view, symbol.row);
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

/** A ring around the symbol that holds the incident being read. */
function paintChosen(context, view, style) {
  if (state.incident === null) return;
  const symbol = symbols[groupOfRow(state.incident)];
  if (!symbol) return;
  context.beginPath();
  context.arc(symbol.x, symbol.y, symbol.radius + 6, 0, 7);
  context.strokeStyle = style.ink;
  context.lineWidth = 2.5;
  context.stroke();
}

/** The symbol under a point of the map's container: {index, symbol}, or null. */
export function pick(point) {
  if (!picture) return null;
  const x = point.x + picture.inset.left;
  const y = point.y + picture.inset.top;
  let best = null;
  let least = Infinity;
  symbols.forEach((symbol, index) => {
    const distance = Math.hypot(symbol.x - x, symbol.y - y) - symbol.radius;
    if (distance < REACH && distance < least) {
      best = { index, symbol };
      least = distance;
    }
  });
  return best;
}

export function rowsOf({ index, symbol }) {
  return symbol.n === 1 ? [symbol.row] : members(index);
}

/** Rows of the choice whose mark stands in the visible map, as a test of a row. */
export function inView() {
  const { scale, x, y, inset } = picture;
  const [left, top, right, bottom] = [inset.left + x, inset.top + y, inset.right + x, inset.bottom + y];
  return (i) => {
    if (drawn.kind[i] === UNPLACED) return false;
    const px = drawn.x[i] * scale;
    const py = drawn.y[i] * scale;
    return px >= left && px <= right && py >= top && py <= bottom;
  };
}

/** What stands in the visible map, for tests and for the curious. */
export function describePicture() {
  const { inset } = picture;
  return symbols.map(({ x, y, n, row, area, radius }, index) => ({
    x: x - inset.left,
    y: y - inset.top,
    n,
    radius,
    layer: slices[sliceOf(row)].layer,
    area: area ?? null,
    rows: n === 1 ? [row] : members(index),
  }));
}

/** Bring a row into view. */
export function goTo(row) {
  if (drawn.kind[row] === UNPLACED) return;
  const at = [drawn.lat[row] / 1e5, drawn.lon[row] / 1e5];
  if (!map.getBounds().pad(-0.1).contains(at)) map.setView(at, Math.max(map.getZoom(), drawn.kind[row] === AREA ? 7 : 9));
}

/** The container that holds the map, for focus. */
export function mapElement() {
  return $("stage");
}
