/* Marks: the shape and colours that say whom the sources name. One set of paths serves the canvas and the legend. */
import { config, layers } from "./data.js";
import { svg } from "./dom.js";

/** A regular polygon or star as an SVG path around 0,0; radii are chosen so that all shapes look equally large. */
function corners(count, radius, turn = 0, inner = radius) {
  const steps = inner === radius ? count : 2 * count;
  const points = [];
  for (let i = 0; i < steps; i++) {
    const angle = (i / steps) * 2 * Math.PI - Math.PI / 2 + turn;
    const r = i % 2 && inner !== radius ? inner : radius;
    points.push(`${(r * Math.cos(angle)).toFixed(3)} ${(r * Math.sin(angle)).toFixed(3)}`);
  }
  return `M${points.join("L")}Z`;
}

const PLUS = "M-.36-1.05H.36V-.36H1.05V.36H.36V1.05H-.36V.36H-1.05V-.36H-.36Z";
const CROSS = "M0-.52L.6-1.12 1.12-.6.52 0 1.12.6.6 1.12 0 .52-.6 1.12-1.12.6-.52 0-1.12-.6-.6-1.12Z";

/** Shapes by the name that data/actors.csv gives them, one unit in radius. */
const SHAPES = {
  circle: "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z",
  square: "M-.9-.9H.9V.9H-.9Z",
  triangle: corners(3, 1.3),
  diamond: corners(4, 1.22),
  "triangle-down": corners(3, 1.3, Math.PI),
  pentagon: corners(5, 1.12),
  hexagon: corners(6, 1.08),
  star: corners(5, 1.35, 0, 0.6),
  cross: CROSS,
  plus: PLUS,
};

/** A sector of a ring between two angles (in turns, clockwise from the top). */
export function sector(start, end, outer, inner = 0) {
  if (end - start > 0.9999) {
    const ring = (r) => `M${r} 0A${r} ${r} 0 1 1 ${-r} 0A${r} ${r} 0 1 1 ${r} 0Z`;
    return inner ? ring(outer) + ring(inner) : ring(outer);
  }
  const at = (turn, r) => `${(r * Math.sin(turn * 2 * Math.PI)).toFixed(3)} ${(-r * Math.cos(turn * 2 * Math.PI)).toFixed(3)}`;
  const large = end - start > 0.5 ? 1 : 0;
  const back = inner ? `L${at(end, inner)}A${inner} ${inner} 0 ${large} 0 ${at(start, inner)}Z` : "L0 0Z";
  return `M${at(start, outer)}A${outer} ${outer} 0 ${large} 1 ${at(end, outer)}${back}`;
}

/** The coloured pieces of a layer's mark: one shape for one actor, equal sectors for several. */
function piecesOf({ actors }) {
  const styles = actors.map((id) => config.actors[id]);
  if (styles.length === 1) return [{ path: SHAPES[styles[0].shape] ?? SHAPES.circle, color: styles[0].color }];
  return styles.map(({ color }, i) => ({
    path: sector(i / styles.length, (i + 1) / styles.length, 1.08),
    color,
  }));
}

export const pieces = layers.map(piecesOf);
const paths = pieces.map((list) => list.map(({ path, color }) => ({ path: new Path2D(path), color })));

/** Paint one mark; `radius` in pixels. */
export function paintMark(context, layer, x, y, radius, outline) {
  context.save();
  context.translate(x, y);
  context.scale(radius, radius);
  context.lineJoin = "round";
  context.lineWidth = 3.4 / radius;
  context.strokeStyle = outline;
  for (const { path } of paths[layer]) context.stroke(path);
  for (const { path, color } of paths[layer]) {
    context.fillStyle = color;
    context.fill(path);
  }
  if (paths[layer].length > 1) {
    context.lineWidth = 1.3 / radius;
    for (const { path } of paths[layer]) context.stroke(path);
  }
  context.restore();
}

/** Paint several incidents as one symbol: the actors' shares around their number. */
export function paintMany(context, symbol, style) {
  const { x, y, radius, n, shares } = symbol;
  context.save();
  context.translate(x, y);
  context.beginPath();
  context.arc(0, 0, radius + 1.5, 0, 7);
  context.fillStyle = style.outline;
  context.fill();
  let turn = 0;
  for (const { layer, share } of shares) {
    paintBands(context, layer, turn, turn + share, radius);
    turn += share;
  }
  if (shares.length > 1) separate(context, shares, radius, style.outline);
  context.beginPath();
  context.arc(0, 0, radius * HOLE, 0, 7);
  context.fillStyle = style.paper;
  context.fill();
  if (symbol.area !== undefined) dashedRing(context, radius, style);
  context.fillStyle = style.ink;
  context.font = `600 ${numberSize(n, radius)}px ${style.family}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(short(n), 0, 0.5);
  context.restore();
}

const HOLE = 0.66; // radius of the number's disc as a share of the symbol's

/** One layer's share: a layer of several actors keeps all their colours, side by side from the outside in. */
function paintBands(context, layer, start, end, radius) {
  const [from, to] = [start, end].map((turn) => (turn - 0.25) * 2 * Math.PI);
  const step = (radius * (1 - HOLE)) / pieces[layer].length;
  pieces[layer].forEach(({ color }, i) => {
    context.beginPath();
    context.arc(0, 0, radius - i * step, from, to);
    context.arc(0, 0, radius - (i + 1) * step, to, from, true);
    context.fillStyle = color;
    context.fill();
  });
}

function separate(context, shares, radius, outline) {
  context.strokeStyle = outline;
  context.lineWidth = 1.2;
  context.beginPath();
  let turn = 0;
  for (const { share } of shares) {
    const angle = turn * 2 * Math.PI;
    context.moveTo(radius * HOLE * Math.sin(angle), -radius * HOLE * Math.cos(angle));
    context.lineTo(radius * Math.sin(angle), -radius * Math.cos(angle));
    turn += share;
  }
  context.stroke();
}

/** A dashed ring: these incidents lie somewhere in the area drawn, not at this point. */
function dashedRing(context, radius, style) {
  context.beginPath();
  context.arc(0, 0, radius + 3.5, 0, 7);
  context.setLineDash([3, 2.5]);
  context.lineWidth = 1.4;
  context.strokeStyle = style.ink;
  context.stroke();
  context.setLineDash([]);
}

/** "12k" where a number would not fit its symbol. */
function short(n) {
  if (n < 10000) return String(n);
  return n < 1e6 ? `${Math.round(n / 1000)}k` : `${(n / 1e6).toFixed(1)}M`;
}

function numberSize(n, radius) {
  return Math.max(9, Math.min(15, (radius * HOLE * 2.5) / Math.max(2, short(n).length)));
}

/** A layer's mark for the legend. */
export function glyph(layer, size = 16) {
  const parts = pieces[layer].map(({ path, color }) => svg("path", { d: path, fill: color, class: "glyph-piece" }));
  return svg("svg", { viewBox: "-1.5 -1.5 3 3", width: size, height: size, class: "glyph", "aria-hidden": "true" }, ...parts);
}
