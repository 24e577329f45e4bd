/* From rows to symbols: where marks would touch, one symbol stands for all of them, so that no mark hides another.

Two steps. Rows fall into fine cells of the screen (anchored to the world, so that panning changes nothing); then cells
whose symbols would touch are joined, largest first, until none do. Cost: one pass over the chosen rows. */
import { AREA, POINT, drawn, rows, slices } from "./data.js";
import { isOn, passing } from "./state.js";

const CELL = 8; // pixels: finer than the smallest mark
const ONE = 7; // radius of a single mark
const MANY = 12; // radius of the smallest symbol with a number
const LARGEST = 30;
const GAP = 1; // pixels of land between two symbols
const ROUNDS = 4;

const groupOf = new Int32Array(rows); // symbol of a row in the last picture, -1 when not in it
let cells = new Int32Array(0);

/** The symbols of a view: {x, y, radius, n, row, shares, area}; rows of each are found by `members`. */
export function gather(view, areaCount) {
  const points = cellsOfRows(view);
  const groups = join(points);
  const areas = areasOfRows(view, groups.length, areaCount);
  relabel(points, groups);
  const symbols = groups.concat(areas);
  addShares(symbols);
  return symbols;
}

/** Rows of a symbol of the last picture. */
export function members(index) {
  const found = [];
  for (const slice of slices) {
    if (!isOn(slice)) continue;
    for (let i = slice.from; i < slice.to; i++) if (groupOf[i] === index) found.push(i);
  }
  return found;
}

/** The symbol that stands for a row in the last picture; -1 when it is not in it. */
export function groupOfRow(row) {
  return groupOf[row];
}

function cellsOfRows(view) {
  const wide = Math.ceil(view.width / CELL) + 2;
  const high = Math.ceil(view.height / CELL) + 2;
  if (cells.length < wide * high) cells = new Int32Array(wide * high);
  cells.fill(-1);
  const left = Math.floor(view.x / CELL);
  const top = Math.floor(view.y / CELL);
  const { x, y, kind } = drawn;
  const found = [];
  groupOf.fill(-1);
  for (const slice of slices) {
    if (!isOn(slice)) continue;
    for (let i = slice.from; i < slice.to; i++) {
      if (!passing[i] || kind[i] !== POINT) continue;
      const px = x[i] * view.scale;
      const py = y[i] * view.scale;
      const column = Math.floor(px / CELL) - left;
      const line = Math.floor(py / CELL) - top;
      if (column < 0 || line < 0 || column >= wide || line >= high) continue;
      let cell = cells[line * wide + column];
      if (cell < 0) {
        cell = cells[line * wide + column] = found.length;
        found.push({ x: 0, y: 0, n: 0, row: i, parent: -1 });
      }
      const at = found[cell];
      at.n += 1;
      at.x += px - view.x;
      at.y += py - view.y;
      groupOf[i] = cell;
    }
  }
  for (const at of found) {
    at.x /= at.n;
    at.y /= at.n;
  }
  return found;
}

/** Radius of the symbol of n incidents: area in proportion to n, against the largest power of four in the picture. */
function radiusOf(n, largest) {
  if (n === 1) return ONE;
  return MANY + (LARGEST - MANY) * Math.sqrt(Math.min(1, (n - 1) / largest));
}

/** Join symbols that would touch; the pieces of each remember it as their parent. */
function join(points) {
  let groups = points.map((point, index) => ({ ...point, pieces: [index] }));
  for (let round = 0; round < ROUNDS; round++) {
    const largest = 4 ** Math.ceil(Math.log(Math.max(4, ...sample(groups))) / Math.log(4));
    for (const group of groups) group.radius = radiusOf(group.n, largest);
    const joined = absorb(groups);
    if (joined.length === groups.length) break;
    groups = joined;
  }
  return groups;
}

/** The largest count, without spreading a long list over the stack. */
function sample(groups) {
  let largest = 0;
  for (const { n } of groups) if (n > largest) largest = n;
  return [largest];
}

/** One round: from the largest down, each symbol is taken in by the nearest larger one that it touches. */
function absorb(groups) {
  const order = groups.slice().sort((a, b) => b.n - a.n || a.row - b.row);
  const size = 2 * LARGEST + GAP;
  const grid = new Map();
  const kept = [];
  for (const group of order) {
    const column = Math.floor(group.x / size);
    const line = Math.floor(group.y / size);
    const host = nearest(group, column, line, grid);
    if (host) {
      host.taken.push(group);
      continue;
    }
    group.taken = [];
    kept.push(group);
    const key = column * 65536 + line;
    if (grid.has(key)) grid.get(key).push(group);
    else grid.set(key, [group]);
  }
  return kept.map(merge);
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
  const all = [host, ...host.taken];
  const n = all.reduce((sum, group) => sum + group.n, 0);
  const mean = (name) => all.reduce((sum, group) => sum + group[name] * group.n, 0) / n;
  const row = Math.min(...all.map((group) => group.row));
  return { x: mean("x"), y: mean("y"), n, row, pieces: all.flatMap((group) => group.pieces), radius: host.radius };
}

/** Let each row point at its final symbol instead of its cell. */
function relabel(points, groups) {
  groups.forEach((group, index) => {
    for (const piece of group.pieces) points[piece].parent = index;
    delete group.pieces;
  });
  for (let i = 0; i < rows; i++) {
    if (groupOf[i] >= 0 && drawn.kind[i] === POINT) groupOf[i] = points[groupOf[i]].parent;
  }
}

/** Incidents known only to an area: one symbol per area, at a point inside it. */
function areasOfRows(view, offset, areaCount) {
  const index = new Int32Array(areaCount + 1).fill(-1);
  const found = [];
  const rowsOf = [];
  for (const slice of slices) {
    if (!isOn(slice)) continue;
    for (let i = slice.from; i < slice.to; i++) {
      if (!passing[i] || drawn.kind[i] !== AREA) continue;
      const area = drawn.area[i];
      if (index[area] < 0) {
        index[area] = found.length;
        found.push({ x: drawn.x[i] * view.scale - view.x, y: drawn.y[i] * view.scale - view.y, n: 0, row: i, area });
        rowsOf.push([]);
      }
      found[index[area]].n += 1;
      rowsOf[index[area]].push(i);
    }
  }
  found.forEach((symbol, k) => {
    symbol.radius = symbol.n === 1 ? 10 : radiusOf(symbol.n, 64);
    for (const row of rowsOf[k]) groupOf[row] = offset + k;
  });
  return found;
}

/** Shares of the layers in each symbol of several incidents, largest layer first. */
function addShares(symbols) {
  const counts = symbols.map(({ n }) => (n > 1 ? new Map() : null));
  for (const slice of slices) {
    if (!isOn(slice)) continue;
    for (let i = slice.from; i < slice.to; i++) {
      const counted = groupOf[i] >= 0 ? counts[groupOf[i]] : null;
      if (counted) counted.set(slice.layer, (counted.get(slice.layer) ?? 0) + 1);
    }
  }
  symbols.forEach((symbol, index) => {
    if (!counts[index]) return;
    const list = [...counts[index]].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    symbol.shares = list.map(([layer, n]) => ({ layer, n, share: n / symbol.n }));
  });
}
