/* The map beside the list: land, units, the candidates by their numbers, and the point a person sets. */
/* global L */
import { t } from "./i18n.js";
import { $, el } from "./dom.js";
import { config } from "./review_data.js";
import { CanvasLayer, EARTH_KM, color, drawOnPaper, mercatorX, mercatorY, trace, unpackLines } from "./canvas.js";
import { loadBasemap, paintLabels, paintLand, paintLines } from "./basemap.js";

const PIN = 28; // pixels across

let map = null;
let canvases = [];
let units = new Map(); // code: { level, lines }
let pins = [];
let own = null; // the pin of a person's own point
let aiming = false; // whether a click sets that point
let shown = { unit: null, within: null, ring: null }; // what is drawn beside the pins
let told = { pick: () => {}, set: () => {} };

export function startMap() {
  loadBasemap(config.basemap);
  for (const country of Object.values(config.countries)) {
    country.units.forEach(({ code, level }, i) => {
      units.set(code, { level, lines: unpackLines(country.outlines[i], country.scale) });
    });
  }
  map = L.map("map", { zoomControl: false, attributionControl: false, zoomSnap: 0.25, maxZoom: 15 });
  map.setMaxBounds([[-85, -200], [85, 200]]).setView([0, 0], 2);
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
  L.control.zoom({ position: "topright", zoomInTitle: t("zoomIn"), zoomOutTitle: t("zoomOut") }).addTo(map);
  map.createPane("land").style.zIndex = 200;
  map.createPane("names").style.zIndex = 300;
  canvases = [
    new CanvasLayer(paintGround, { pane: "land", padding: 0.15 }),
    new CanvasLayer(paintNames, { pane: "names" }),
  ];
  for (const layer of canvases) layer.addTo(map);
  map.on("click", ({ latlng }) => aiming && told.set(latlng.lat, latlng.lng));
  new ResizeObserver(() => map.invalidateSize()).observe($("stage"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaintMap);
}

/** On paper the map has another size, and is drawn for it. */
export function printMap(on) {
  map.invalidateSize();
  drawOnPaper(canvases, on);
}

function repaintMap() {
  for (const layer of canvases) layer.repaint();
}

/** Show a place's candidates; `pick(index)` and `set(lat, lon)` are called when a person chooses on the map. */
export function showCandidates(candidates, within, callbacks) {
  for (const pin of pins) pin?.remove();
  pins = candidates.map((candidate, i) => (candidate.lat === null ? null : addPin(candidate, i)));
  told = callbacks;
  shown.within = within;
}

function addPin({ lat, lon, name }, index) {
  const pin = makePin([lat, lon], String(index + 1), {});
  pin.getElement().setAttribute("aria-label", `${index + 1}: ${name}`);
  return pin.on("click", () => told.pick(index));
}

function makePin(spot, text, options) {
  const icon = L.divIcon({ className: "pin", html: el("span", {}, text), iconSize: [PIN, PIN] });
  return L.marker(spot, { icon, riseOnHover: true, ...options }).addTo(map);
}

/** Show what is chosen: a candidate's number, a unit's code, or a point of the person's own; `km` around it. */
export function showChoice({ index, unit, aims, point, km: radius }) {
  pins.forEach((pin, i) => {
    pin?.getElement().classList.toggle("chosen", i === index);
    pin?.setZIndexOffset(i === index ? 1000 : -10 * i);
  });
  const spot = point ?? pins[index]?.getLatLng() ?? null;
  if (unit !== shown.unit && units.has(unit)) map.fitBounds(unitBounds(unit).pad(0.1), { animate: false });
  shown.unit = unit;
  shown.ring = spot && radius ? { lat: spot.lat, lng: spot.lng, radius } : null;
  aiming = aims;
  showOwn(point);
  repaintMap();
}

function showOwn(point) {
  $("stage").classList.toggle("aiming", aiming);
  $("aim").hidden = !aiming || point !== null;
  own?.remove();
  own = null;
  if (!point) return;
  own = makePin(point, "", { draggable: true, zIndexOffset: 1000 });
  own.getElement().classList.add("own", "chosen");
  own.getElement().setAttribute("aria-label", "Your point");
  own.on("dragend", () => told.set(own.getLatLng().lat, own.getLatLng().lng));
}

/** Show all pins, or the unit or country when there are none. */
export function fitCandidates(country) {
  const spots = pins.filter(Boolean).map((pin) => pin.getLatLng());
  const code = [shown.unit, shown.within, country].find((one) => units.has(one));
  const area = spots.length ? L.latLngBounds(spots) : code ? unitBounds(code) : L.latLngBounds(config.bounds);
  map.fitBounds(area.pad(0.1), { padding: [36, 36], maxZoom: 10, animate: false });
}

function unitBounds(code) {
  const at = (x, y) => map.unproject([x * 256, y * 256], 0);
  const boxes = units.get(code).lines.map(({ box }) => L.latLngBounds(at(box[0], box[1]), at(box[2], box[3])));
  return boxes.reduce((all, box) => all.extend(box));
}

/** Bring a spot into view when it is not. */
export function bringIntoView({ lat, lon }) {
  if (!map.getBounds().pad(-0.05).contains([lat, lon])) map.panTo([lat, lon], { animate: false });
}

function paintGround(context, view) {
  paintLand(context, view);
  paintUnits(context, view);
  paintLines(context, view);
}

function paintUnits(context, view) {
  context.lineJoin = "round";
  for (const { level, lines } of units.values()) if (level === 1) stroke(context, view, lines, "region-line", 0.8, []);
  const within = units.get(shown.within);
  if (within) stroke(context, view, within.lines, "quiet", 1.5, [5, 4]);
  const chosen = units.get(shown.unit);
  if (!chosen) return;
  stroke(context, view, chosen.lines, "accent", 2, []);
  context.globalAlpha = 0.14;
  context.fillStyle = color("accent");
  context.fill("evenodd");
  context.globalAlpha = 1;
}

function stroke(context, view, lines, tone, width, dash) {
  context.beginPath();
  trace(context, lines, view);
  context.strokeStyle = color(tone);
  context.lineWidth = width;
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
}

function paintNames(context, view) {
  if (shown.ring) paintRadius(context, view, shown.ring);
  const taken = [...pins, own].filter(Boolean).map((pin) => {
    const [x, y] = pixel(view, pin.getLatLng());
    return [x - PIN / 2, y - PIN / 2, x + PIN / 2, y + PIN / 2];
  });
  paintLabels(context, view, taken);
}

function pixel(view, { lat, lng }) {
  return [mercatorX(lng) * view.scale - view.x, mercatorY(lat) * view.scale - view.y];
}

/** The place lies somewhere in this circle. */
function paintRadius(context, view, ring) {
  const radius = (ring.radius / EARTH_KM / Math.cos((ring.lat * Math.PI) / 180)) * view.scale;
  context.beginPath();
  context.arc(...pixel(view, ring), radius, 0, 7);
  context.globalAlpha = 0.12;
  context.fillStyle = color("accent");
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = color("accent");
  context.lineWidth = 1.4;
  context.stroke();
}
