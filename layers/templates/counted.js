/* Records of one event are counted once, as in the summary (see geo/relations.py): the first of those that pass the
   filters carries the span of all, from the lowest minimum (none, where a record with a maximum alone lies below it) to
   the highest maximum; a part counts nothing beside its whole, or the nearest whole of that which passes. */
import { columns, hasColumn, rows } from "./data.js";

/** One byte per row: 1 when the row passes the filters and carries figures, its own or those of its span. */
export const counting = new Uint8Array(rows).fill(1);

const groups = new Map(); // number of each span -> {span: its rows, first by day and id; line: groups it is in, outermost first, itself last}
const groupOf = new Map(); // group of each related row
const carriers = new Map(); // what carries figures now: row -> rows of its span
const together = new Map(); // rows that are counted with each carrier, itself first

export async function loadGroups() {
  if (!hasColumn("span")) return;
  const { span, whole, turn } = await columns("span", "whole", "turn");
  const wholeOf = new Map();
  const known = (number) => groups.get(number) ?? groups.set(number, { span: [], line: [] }).get(number);
  for (let i = 0; i < rows; i++) {
    if (!span.at(i)) continue;
    known(span.at(i)).span.push(i);
    groupOf.set(i, known(span.at(i)));
    if (whole.at(i)) wholeOf.set(span.at(i), whole.at(i));
  }
  for (const [number, group] of groups) {
    group.span.sort((a, b) => turn.at(a) - turn.at(b));
    for (let at = number; at; at = wholeOf.get(at)) group.line.unshift(groups.get(at));
  }
}

/** Work out `counting` from the rows that pass the filters. */
export function countOnce(passing) {
  counting.set(passing);
  carriers.clear();
  together.clear();
  const shown = new Map([...groups.values()].map((group) => [group, group.span.filter((i) => passing[i])]));
  for (const group of groups.values()) {
    const top = group.line.find((one) => shown.get(one).length);
    if (!top) continue;
    const [carrier] = shown.get(top);
    if (!carriers.has(carrier)) {
      carriers.set(carrier, shown.get(top));
      together.set(carrier, [...shown.get(top)]);
    }
    if (top !== group) together.get(carrier).push(...group.span);
    for (const i of shown.get(group)) if (i !== carrier) counting[i] = 0;
  }
}

/** Rows that are counted together with a row, the carrier first; null when it is counted by itself. */
export function countedWith(row) {
  const carrier = groupOf.get(row)?.line.flatMap(({ span }) => span).find((i) => carriers.has(i));
  const all = together.get(carrier);
  return all?.length > 1 && all.includes(row) ? all : null;
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

/** Stored minimum of each row's event as it is counted of the rows that pass: of one event all are of some size, or none. */
export function eventLows(lows, highs, passing) {
  const least = new Uint32Array(lows);
  for (const { span, line } of groups.values()) {
    const shown = line.map((group) => group.span.filter((i) => passing[i])).find((some) => some.length);
    if (shown) for (const i of span) least[i] = lowestOf(shown, lows, highs);
  }
  return least;
}

/** Stored minimum of records of one event; 0, no figure, where one with a maximum alone lies below. */
function lowestOf(span, lows, highs) {
  const lowest = Math.min(...span.map((i) => lows[i] || Infinity));
  const isBelow = span.some((i) => !lows[i] && highs[i] && highs[i] < lowest);
  return isBelow || lowest === Infinity ? 0 : lowest;
}
