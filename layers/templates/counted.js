/* Records of one event are counted once, as in the summary (see geo/relations.py): the first of those that pass the
   filters carries the span of all, from the lowest minimum (none, where a record with a maximum alone lies below it) to
   the highest maximum; a part counts nothing beside its
   whole. */
import { columns, hasColumn, rows } from "./data.js";

/** One byte per row: 1 when the row passes the filters and carries figures, its own or those of its group. */
export const counting = new Uint8Array(rows).fill(1);

let groups = []; // {span: rows counted as one, first by day and id; parts: rows that count nothing beside them}
const groupOf = new Map(); // group of each related row
const carriers = new Map(); // what each group's carrier carries, now: row -> rows of its span

export async function loadGroups() {
  if (!hasColumn("group")) return;
  const { group, turn } = await columns("group", "turn");
  for (let i = 0; i < rows; i++) {
    if (!group.at(i)) continue;
    const found = (groups[group.at(i) - 1] ??= { span: [], parts: [] });
    (turn.at(i) ? found.span : found.parts).push(i);
    groupOf.set(i, found);
  }
  for (const { span } of groups) span.sort((a, b) => turn.at(a) - turn.at(b));
}

/** Work out `counting` from the rows that pass the filters. */
export function countOnce(passing) {
  counting.set(passing);
  carriers.clear();
  for (const { span, parts } of groups) {
    const [carrier, ...others] = span.filter((i) => passing[i]);
    if (carrier === undefined) continue; // parts whose whole is hidden stand for themselves
    for (const i of [...others, ...parts]) counting[i] = 0;
    carriers.set(carrier, [carrier, ...others]);
  }
}

/** Rows that are counted together with a row, the carrier first; null when it is counted by itself. */
export function countedWith(row) {
  const group = groupOf.get(row);
  const carrier = group?.span.find((i) => carriers.has(i));
  if (carrier === undefined) return null;
  const rowsTogether = [...carriers.get(carrier), ...group.parts];
  return rowsTogether.length > 1 && rowsTogether.includes(row) ? rowsTogether : null;
}

/** Stored minima and maxima of a count, those of carriers widened to their span, and whether a row has no maximum. */
export function spans(lows, highs) {
  if (!carriers.size) return { lows, highs, isOpen: (i) => lows[i] && !highs[i] };
  const wide = { lows: new Uint32Array(lows), highs: new Uint32Array(highs) };
  const open = new Map();
  for (const [carrier, span] of carriers) {
    const known = Math.max(...span.map((i) => highs[i]));
    wide.lows[carrier] = lowestOf(span, lows, highs);
    wide.highs[carrier] = Math.max(known, ...span.map((i) => lows[i]));
    open.set(carrier, wide.highs[carrier] > known);
  }
  return { ...wide, isOpen: (i) => open.get(i) ?? (lows[i] && !highs[i]) };
}

/** Stored minimum of each row's event, whatever of it is shown: of one event all records pass a filter, or none. */
export function eventLows(lows, highs) {
  const least = new Uint32Array(lows);
  for (const { span, parts } of groups) {
    const low = lowestOf(span, lows, highs);
    for (const i of [...span, ...parts]) least[i] = low;
  }
  return least;
}

/** Stored minimum of records of one event; 0, no figure, where one with a maximum alone lies below. */
function lowestOf(span, lows, highs) {
  const lowest = Math.min(...span.map((i) => lows[i] || Infinity));
  const isBelow = span.some((i) => !lows[i] && highs[i] && highs[i] < lowest);
  return isBelow || lowest === Infinity ? 0 : lowest;
}
