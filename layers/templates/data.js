/* The incidents: packed columns in the page (see layers/pack.py), unpacked when first asked for.

Rows are sorted by layer (set of actors), then month, so that the rows of a layer's month are one run: a slice. */

export const config = JSON.parse(document.getElementById("incidents-config").textContent);
export const rows = config.rows;
export const layers = config.layers;
export const months = config.months;

/** How a row is drawn. */
export const POINT = 0;
export const AREA = 1;
export const UNPLACED = 2;

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

/** Numbers from byte planes, lowest first; differences are zigzag-coded. */
function ints(bytes, count, width, delta) {
  const values = delta ? new Int32Array(count) : new { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array }[width](count);
  for (let plane = 0; plane < width; plane++) {
    const shift = 8 * plane;
    const from = plane * count;
    for (let i = 0; i < count; i++) values[i] |= bytes[from + i] << shift;
  }
  if (delta) for (let i = 0, last = 0; i < count; i++) values[i] = last = (last + ((values[i] >>> 1) ^ -(values[i] & 1))) | 0;
  return values;
}

/** A text column: codes into a dictionary of UTF-8 texts; code 0 is missing. */
class Texts {
  constructor(bytes, column) {
    const tableAt = rows * column.width;
    const textAt = tableAt + column.entries * column.lengths_width;
    const lengths = ints(bytes.subarray(tableAt, textAt), column.entries, column.lengths_width, false);
    this.codes = ints(bytes, rows, column.width, column.delta);
    this.size = column.entries + 1;
    this.bytes = bytes;
    this.starts = new Uint32Array(this.size + 1);
    this.starts[1] = textAt;
    for (let i = 0; i < column.entries; i++) this.starts[i + 2] = this.starts[i + 1] + lengths[i];
    this.decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    this.folded = null;
  }

  /** The text of a code; empty when missing. */
  entry(code) {
    return code ? this.decoder.decode(this.bytes.subarray(this.starts[code], this.starts[code + 1])) : "";
  }

  at(row) {
    return this.entry(this.codes[row]);
  }

  /** Which codes hold a folded needle, as one byte per code. */
  find(needle) {
    const found = new Uint8Array(this.size);
    for (let code = 1; code < this.size; code++) if (fold(this.entry(code)).includes(needle)) found[code] = 1;
    return found;
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
  const bytes = await inflate(column);
  if (column.kind === "json") return JSON.parse(new TextDecoder().decode(bytes));
  if (column.kind === "texts") return new Texts(bytes, column);
  return ints(bytes, rows, column.width, column.delta);
}

/** A column by name, unpacked once: numbers, `Texts`, or what a JSON column holds. */
export function column(name) {
  if (!unpacked.has(name)) unpacked.set(name, unpack(name));
  return unpacked.get(name);
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



/** The columns that drawing needs, filled by `loadMarks`. */
export const drawn = {};

/** Unpack what drawing needs, before the first picture. */
export async function loadMarks() {
  Object.assign(
    drawn,
    await columns("kind", "lon", "lat", "area", "region", "killed_min", "killed_max", "precision", "precision_km", "grading"),
  );
  drawn.x = new Float64Array(rows);
  drawn.y = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    drawn.x[i] = mercatorX(drawn.lon[i] / 1e5);
    drawn.y[i] = mercatorY(drawn.lat[i] / 1e5);
  }
  return drawn;
}

/** Longitude and latitude on Web Mercator with the world as the unit square, north at 0: Leaflet's own projection. */
export function project(lon, lat) {
  return [mercatorX(lon), mercatorY(lat)];
}

export function mercatorX(lon) {
  return lon / 360 + 0.5;
}

export function mercatorY(lat) {
  const sine = Math.sin((Math.max(-85.06, Math.min(85.06, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

/** One incident with every field, for reading. */
export async function incident(row) {
  const names = config.columns.filter((c) => c.kind !== "json").map((c) => c.name);
  const all = await columns(...names);
  const fields = { row };
  for (const name of names) fields[name] = all[name] instanceof Texts ? all[name].at(row) : all[name][row];
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
