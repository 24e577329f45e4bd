/* The incidents and their places: packed columns in the page (see layers/page/columns.py), unpacked when first asked for.

Rows are sorted by layer (set of actors), then month, so that the rows of a layer's month are one run: a slice. */

import { project } from "./canvas.js";

export const config = JSON.parse(document.getElementById("incidents-config").textContent);
export const rows = config.rows;
export const places = config.places;
export const layers = config.layers;
export const months = config.months;

/** How a place is drawn. */
export const POINT = 0;
export const AREA = 1;
const UNPLACED = 2;

/** Runs of rows: {layer, month, from, to}, in row order. */
export const slices = [];
for (let i = 0, from = 0; i < config.slices.length; i += 3) {
  const [layer, month, count] = config.slices.slice(i, i + 3);
  slices.push({ layer, month, from, to: from + count });
  from += count;
}

const directory = new Map(config.columns.map((column) => [column.name, column]));
const unpacked = new Map();
let blob = null;

function packed() {
  if (blob) return blob;
  const node = document.getElementById("incidents-data");
  const text = node.textContent;
  if (Uint8Array.fromBase64) blob = Uint8Array.fromBase64(text);
  else {
    const binary = atob(text);
    blob = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) blob[i] = binary.charCodeAt(i);
  }
  node.remove(); // the text is not needed twice
  return blob;
}

async function inflate(column) {
  const stream = new Blob([packed().subarray(column.from, column.to)]).stream();
  return new Uint8Array(await new Response(stream.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer());
}

/** Numbers from byte planes, lowest first; signed ones and differences are zigzag-coded; no planes are zeros. */
function ints(bytes, count, width, { delta = false, signed = false } = {}) {
  if (width === 1 && !delta && !signed) return bytes.subarray(0, count);
  const Values = delta || signed ? Int32Array : { 0: Uint8Array, 2: Uint16Array, 4: Uint32Array }[width];
  const values = new Values(count);
  for (let plane = 0; plane < width; plane++) {
    const shift = 8 * plane;
    const from = plane * count;
    for (let i = 0; i < count; i++) values[i] |= bytes[from + i] << shift;
  }
  if (delta || signed) for (let i = 0; i < count; i++) values[i] = (values[i] >>> 1) ^ -(values[i] & 1);
  if (delta) for (let i = 1; i < count; i++) values[i] += values[i - 1];
  return values;
}

/** Lines of points [x, y, dx, dy, ...], and the JSON that refers to them as {"lines": [from, to]}. */
function shapes(bytes, { lines, points, widths }) {
  const [l, x, y] = widths;
  const xAt = lines * l;
  const yAt = xAt + points * x;
  const textAt = yAt + points * y;
  const lengths = ints(bytes, lines, l);
  const xs = ints(bytes.subarray(xAt), points, x, { signed: true });
  const ys = ints(bytes.subarray(yAt), points, y, { signed: true });
  let at = 0;
  const all = Array.from(lengths, (length) => {
    const line = new Int32Array(2 * length);
    for (let i = 0; i < length; i++, at++) [line[2 * i], line[2 * i + 1]] = [xs[at], ys[at]];
    return line;
  });
  const refer = (key, value) => (Array.isArray(value?.lines) ? all.slice(...value.lines) : value);
  return JSON.parse(new TextDecoder().decode(bytes.subarray(textAt)), refer);
}

/** Numbers of a table; `at(row)` is the number that belongs to an incident. */
class Numbers {
  constructor(bytes, column, index) {
    this.index = index; // place of each row, for columns of places; else null
    this.isEmpty = column.width === 0;
    this.values = ints(bytes, config[column.table], column.width, column);
  }

  at(row) {
    return this.values[this.index ? this.index[row] : row];
  }
}

/** Texts of a table: codes into a dictionary of UTF-8 texts; code 0 is missing. */
class Texts {
  constructor(bytes, column, index) {
    const count = config[column.table];
    const tableAt = count * column.width;
    const textAt = tableAt + column.entries * column.lengths_width;
    const lengths = ints(bytes.subarray(tableAt, textAt), column.entries, column.lengths_width);
    this.index = index;
    this.codes = ints(bytes, count, column.width, column);
    this.size = column.entries + 1;
    this.bytes = bytes;
    this.starts = new Uint32Array(this.size + 1);
    this.starts[1] = textAt;
    for (let i = 0; i < column.entries; i++) this.starts[i + 2] = this.starts[i + 1] + lengths[i];
    this.decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  }

  code(row) {
    return this.codes[this.index ? this.index[row] : row];
  }

  at(row) {
    return this.entry(this.code(row));
  }

  /** The text of a code; empty when missing. */
  entry(code) {
    return code ? this.decoder.decode(this.bytes.subarray(this.starts[code], this.starts[code + 1])) : "";
  }

  /** Which codes hold a folded needle, as one byte per code. */
  find(needle) {
    const found = new Uint8Array(this.size);
    if (this.isAscii()) this.findAscii(needle, found);
    else for (let code = 1; code < this.size; code++) if (this.foldedEntry(code).includes(needle)) found[code] = 1;
    return found;
  }

  isAscii() {
    this.ascii ??= this.bytes.subarray(this.starts[1]).every((byte) => byte < 128);
    return this.ascii;
  }

  /** All texts at once: in ASCII a byte is a letter, so that a place in the whole names its entry. */
  findAscii(needle, found) {
    this.whole ??= this.decoder.decode(this.bytes.subarray(this.starts[1])).toLowerCase();
    let code = 1;
    for (let at = this.whole.indexOf(needle); at >= 0; ) {
      const from = at + this.starts[1];
      while (this.starts[code + 1] <= from) code += 1;
      const inside = from + needle.length <= this.starts[code + 1];
      if (inside) found[code] = 1;
      at = this.whole.indexOf(needle, inside ? this.starts[code + 1] - this.starts[1] : at + 1);
    }
  }

  foldedEntry(code) {
    this.folded ??= new Array(this.size);
    return (this.folded[code] ??= fold(this.entry(code)));
  }
}

/** Text for comparing: case, accents, Arabic vowel signs and letter variants, and joiners put aside. */
export function fold(text) {
  return text
    .normalize("NFKD")
    .replace(/[\p{M}\p{Cf}\u0640]/gu, "")
    .replace(/[\u0622\u0623\u0625\u0671]/g, "\u0627")
    .replace(/\u0649/g, "\u064a")
    .replace(/\u0629/g, "\u0647")
    .toLowerCase();
}

async function unpack(name) {
  const column = directory.get(name);
  const index = column.table === "places" ? (await placeColumn).values : null;
  const bytes = await inflate(column);
  if (column.points !== undefined) return shapes(bytes, column);
  if (column.kind === "json") return JSON.parse(new TextDecoder().decode(bytes));
  return column.kind === "texts" ? new Texts(bytes, column, index) : new Numbers(bytes, column, index);
}

/** A column by name, unpacked once: `Numbers`, `Texts`, or what a JSON column holds. */
export function column(name) {
  if (!unpacked.has(name)) unpacked.set(name, unpack(name));
  return unpacked.get(name);
}

const placeColumn = column("at");

export function hasColumn(name) {
  return directory.has(name);
}

/** Several columns by name, as an object. */
export async function columns(...names) {
  const found = await Promise.all(names.map(column));
  return Object.fromEntries(names.map((name, i) => [name, found[i]]));
}

/** Numbers are stored one up, so that 0 can mean missing. */
export function known(stored) {
  return stored ? stored - 1 : null;
}

/** What drawing needs, filled by `loadMarks`: the place of each row, and of each place where, how and whether it is drawn. */
export const drawn = {};

const OF_PLACES = ["kind", "lon", "lat", "area", "region", "precision_km"];

/** Unpack what drawing needs, before the first picture. */
export async function loadMarks() {
  const found = await columns("at", ...OF_PLACES);
  for (const [name, { values }] of Object.entries(found)) drawn[name] = values;
  drawn.x = new Float64Array(places);
  drawn.y = new Float64Array(places);
  for (let p = 0; p < places; p++) [drawn.x[p], drawn.y[p]] = project(drawn.lon[p] / 1e5, drawn.lat[p] / 1e5);
  drawn.unplaced = Uint8Array.from(drawn.kind, (kind) => (kind === UNPLACED ? 1 : 0));
}

/** Whether an incident has a mark on the map. */
export function isPlaced(row) {
  return !drawn.unplaced[drawn.at[row]];
}

/** Latitude and longitude of an incident, in degrees. */
export function latLng(row) {
  const place = drawn.at[row];
  return [drawn.lat[place] / 1e5, drawn.lon[place] / 1e5];
}

/** One incident with every field, for reading. */
export async function incident(row) {
  const names = config.columns.filter((c) => c.kind !== "json").map((c) => c.name);
  const all = await columns(...names);
  const fields = { row };
  for (const name of names) fields[name] = all[name].at(row);
  const slice = slices[sliceOf(row)];
  fields.layer = layers[slice.layer];
  fields.month = months[slice.month];
  return fields;
}

/** Index of the slice that holds a row. */
export function sliceOf(row) {
  let low = 0;
  let high = slices.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (slices[middle].from <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}
