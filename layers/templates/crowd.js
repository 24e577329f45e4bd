/* From rows to symbols: where marks would touch, one symbol stands for all of them, so that no mark hides another; the
symbol of an area alone, which stays within it, may lie below others.

Rows are counted at their places; places fall into fine cells of the screen (anchored to the world, so that panning
changes nothing); then cells whose symbols would touch are joined, largest first, until none do. */
import { AREA, POINT, drawn, layers, places, slices } from "./data.js";
import { isOn, passing, state } from "./state.js";
import { areas } from "./regions.js";

const CELL = 8; // pixels: finer than the smallest mark
const ONE = 7; // radius of a single mark
const MANY = 12; // radius of the smallest symbol with a number
const ONE_AREA = 10;
const LARGEST = 30;
const GAP = 3; // pixels between two symbols: the points of a star reach beyond its radius
const ROUNDS = 4;
const FRAME = 5; // pixels of an area's dashed ring around its symbol
const STEP = 8; // pixels from one spot of an area, at which its symbol may stand, to the next
const MOST_STEPS = 60; // from its own spot, up or down and to a side

const chosen = new Uint32Array(places); // chosen rows at each place
const symbolOf = new Int32Array(places); // symbol of each place in the last picture, -1 when not in it
let cells = new Int32Array(0);

/** The symbols of a view: {x, y, radius, n, row, layer, shares, area}; `members` gives the rows of one. */
export function gather(view) {
  countRows();
  symbolOf.fill(-1);
  const symbols = join(cellsOfPlaces(view));
  symbols.forEach((symbol, index) => {
    for (const place of symbol.places) symbolOf[place] = index;
  });
  addAreas(view, symbols);
  addShares(symbols);
  return symbols;
}

/** Rows of a symbol of the last picture. */
export function members(index) {
  const found = [];
  for (const slice of slices) {
    if (!isOn(slice)) continue;
    for (let i = slice.from; i < slice.to; i++) if (passing[i] && symbolOf[drawn.at[i]] === index) found.push(i);
  }
  return found;
}

/** The symbol that stands for a row in the last picture; -1 when it is not in it. */
export function symbolOfRow(row) {
  return symbolOf[drawn.at[row]];
}

let countedVersion = -1; // version of the choice that `chosen` holds

function countRows() {
  if (countedVersion === state.version) return;
  countedVersion = state.version;
  chosen.fill(0);
  const { at } = drawn;
  for (const slice of slices) {
    if (!isOn(slice)) continue;
    for (let i = slice.from; i < slice.to; i++) chosen[at[i]] += passing[i];
  }
}

/** Groups of places that share a cell: {x, y, n, places}. */
function cellsOfPlaces(view) {
  const wide = Math.ceil(view.width / CELL) + 2;
  const high = Math.ceil(view.height / CELL) + 2;
  if (cells.length < wide * high) cells = new Int32Array(wide * high);
  cells.fill(-1);
  const left = Math.floor(view.x / CELL);
  const top = Math.floor(view.y / CELL);
  const found = [];
  for (let place = 0; place < places; place++) {
    const n = chosen[place];
    if (!n || drawn.kind[place] !== POINT) continue;
    const px = drawn.x[place] * view.scale;
    const py = drawn.y[place] * view.scale;
    const column = Math.floor(px / CELL) - left;
    const line = Math.floor(py / CELL) - top;
    if (column < 0 || line < 0 || column >= wide || line >= high) continue;
    const key = line * wide + column;
    if (cells[key] < 0) {
      cells[key] = found.length;
      found.push({ x: 0, y: 0, n: 0, places: [] });
    }
    const group = found[cells[key]];
    group.x += (px - view.x) * n;
    group.y += (py - view.y) * n;
    group.n += n;
    group.places.push(place);
  }
  for (const group of found) {
    group.x /= group.n;
    group.y /= group.n;
  }
  return found;
}

/** Radius of the symbol of n incidents: area in proportion to n, against the largest power of four in the picture. */
function radiusOf(n, largest) {
  if (n === 1) return ONE;
  return MANY + (LARGEST - MANY) * Math.sqrt(Math.min(1, (n - 1) / largest));
}

/** Join groups whose symbols would touch. */
function join(groups) {
  let joined = groups;
  for (let round = 0; round < ROUNDS; round++) {
    const largest = joined.reduce((most, { n }) => Math.max(most, n), 4);
    const scale = 4 ** Math.ceil(Math.log(largest) / Math.log(4));
    for (const group of joined) group.radius = radiusOf(group.n, scale);
    const before = joined.length;
    joined = absorb(joined);
    if (joined.length === before) break;
  }
  return joined;
}

/** One round: from the largest down, each group is taken in by the nearest larger one that it touches. */
function absorb(groups) {
  const order = groups.slice().sort((a, b) => b.n - a.n || a.places[0] - b.places[0]);
  const size = 2 * LARGEST + GAP;
  const grid = new Map();
  const hosts = [];
  for (const group of order) {
    const column = Math.floor(group.x / size);
    const line = Math.floor(group.y / size);
    const host = nearest(group, column, line, grid);
    if (host) {
      host.taken.push(group);
      continue;
    }
    group.taken = [];
    hosts.push(group);
    const key = column * 65536 + line;
    if (grid.has(key)) grid.get(key).push(group);
    else grid.set(key, [group]);
  }
  return hosts.map(merge);
}

function nearest(group, column, line, grid) {
  let best = null;
  let least = Infinity;
  for (let dx = -1; dx <= 1; dx++) {
    for (let dy = -1; dy <= 1; dy++) {
      for (const other of grid.get((column + dx) * 65536 + line + dy) ?? []) {
        const distance = Math.hypot(other.x - group.x, other.y - group.y);
        if (distance < other.radius + group.radius + GAP && distance < least) {
          best = other;
          least = distance;
        }
      }
    }
  }
  return best;
}

function merge(host) {
  if (!host.taken.length) return host;
  const all = [host, ...host.taken];
  const n = all.reduce((sum, group) => sum + group.n, 0);
  const mean = (name) => all.reduce((sum, group) => sum + group[name] * group.n, 0) / n;
  return { x: mean("x"), y: mean("y"), n, places: all.flatMap((group) => group.places), radius: host.radius };
}

/** Incidents known only to an area: one symbol per area, inside it. */
function addAreas(view, symbols) {
  const byArea = new Map();
  for (let place = 0; place < places; place++) {
    if (!chosen[place] || drawn.kind[place] !== AREA) continue;
    const area = drawn.area[place];
    if (!byArea.has(area)) {
      byArea.set(area, symbols.length);
      symbols.push({ x: drawn.x[place] * view.scale - view.x, y: drawn.y[place] * view.scale - view.y, n: 0, area });
    }
    const index = byArea.get(area);
    symbols[index].n += chosen[place];
    symbolOf[place] = index;
  }
  for (const index of byArea.values()) {
    const symbol = symbols[index];
    symbol.radius = symbol.n === 1 ? ONE_AREA : radiusOf(symbol.n, 64);
    makeRoom(symbol, symbols, view);
  }
}

/** Move an area's symbol to the nearest free spot of the area, or where it is freest: each of them stands for it as well. */
function makeRoom(symbol, symbols, view) {
  const others = symbols.filter((other) => other !== symbol && other.radius);
  const roomAt = ({ x, y }) => others.reduce((least, o) => Math.min(least, Math.hypot(o.x - x, o.y - y) - o.radius), Infinity);
  const enough = symbol.radius + FRAME;
  let most = roomAt(symbol);
  const lines = areas[symbol.area - 1];
  const isInside = ({ x, y }) => isWithin(lines, (x + view.x) / view.scale, (y + view.y) / view.scale);
  for (const spot of most < enough ? spotsAround(symbol, lines, view) : []) {
    const room = roomAt(spot);
    if (room <= most || !isInside(spot)) continue;
    [symbol.x, symbol.y, most] = [spot.x, spot.y, room];
    if (most >= enough) return;
  }
}

/** The spots within the frames of an area's rings, nearest to its own first: {x, y} in pixels. */
function spotsAround({ x, y }, lines, { scale, x: left, y: top }) {
  const steps = (low, high) => [Math.max(-MOST_STEPS, Math.ceil(low / STEP)), Math.min(MOST_STEPS, Math.floor(high / STEP))];
  const found = [];
  for (const { box: [west, north, east, south] } of lines) {
    const [fromX, toX] = steps(west * scale - left - x, east * scale - left - x);
    const [fromY, toY] = steps(north * scale - top - y, south * scale - top - y);
    for (let dy = fromY; dy <= toY; dy++) for (let dx = fromX; dx <= toX; dx++) found.push([dx, dy]);
  }
  const far = ([dx, dy]) => dx * dx + dy * dy;
  found.sort((a, b) => far(a) - far(b) || a[1] - b[1] || a[0] - b[0]);
  return found.map(([dx, dy]) => ({ x: x + dx * STEP, y: y + dy * STEP }));
}

/** Whether a point lies within rings, and in no hole of them; all in world coordinates. */
function isWithin(lines, x, y) {
  let within = false;
  for (const { points, box } of lines) {
    if (x < box[0] || x > box[2] || y < box[1] || y > box[3]) continue;
    for (let i = 2; i < points.length; i += 2) {
      const [fromX, fromY, toX, toY] = [points[i - 2], points[i - 1], points[i], points[i + 1]];
      if (fromY > y !== toY > y && x < fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX)) within = !within;
    }
  }
  return within;
}

/** The layers of each symbol with the number and share of its incidents, largest first; and one of its rows. */
function addShares(symbols) {
  const counts = new Uint32Array(symbols.length);
  for (const symbol of symbols) symbol.shares = [];
  let from = 0;
  for (let layer = 0; layer < layers.length; layer++) {
    const touched = [];
    for (; from < slices.length && slices[from].layer === layer; from++) {
      if (isOn(slices[from])) countSlice(slices[from], counts, touched, symbols);
    }
    for (const index of touched) {
      symbols[index].shares.push({ layer, n: counts[index], share: counts[index] / symbols[index].n });
      counts[index] = 0;
    }
  }
  for (const symbol of symbols) {
    symbol.shares.sort((a, b) => b.n - a.n || a.layer - b.layer);
    symbol.layer = symbol.shares[0].layer;
  }
}

function countSlice({ from, to }, counts, touched, symbols) {
  const { at } = drawn;
  for (let i = from; i < to; i++) {
    if (!passing[i]) continue;
    const index = symbolOf[at[i]];
    if (index < 0) continue;
    if (!counts[index]) {
      touched.push(index);
      symbols[index].row ??= i;
    }
    counts[index] += 1;
  }
}
