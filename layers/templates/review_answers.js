/* What a person says about a place, and the rows of decisions.csv that say it. */
import { config } from "./review_data.js";

const SPOT = new RegExp(`^(?:${config.spots})$`);
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const DAY_MS = 24 * 60 * 60 * 1000;

/** `kind` is candidate, unit, point or none, or null while undecided; the rest belongs to one kind each. */
export function emptyAnswer() {
  return { kind: null, index: null, unit: "", lat: null, lon: null, precision: "village", name: "point", why: "", who: "", when: "" };
}

/** Whether an answer says enough to be saved. */
export function isComplete({ kind, unit, lat, lon }) {
  if (kind === "unit") return unit !== "";
  if (kind === "point") return isSpot(lat, lon);
  return kind !== null;
}

/** Whether there is such a point; two zeros stand for unknown coordinates. */
function isSpot(lat, lon) {
  return lat !== null && Math.abs(lat) <= 90 && lon !== null && Math.abs(lon) <= 180 && (lat !== 0 || lon !== 0);
}

/** The code of the unit that a choice names; null when it names none. */
export function unitOf(choice) {
  return choice.startsWith(config.region) ? choice.slice(config.region.length) : null;
}

/** The rows of an answer: one for the place, or one for each incident where the place alone does not tell them. */
export function rowsOf(place, answer, who) {
  const spot = spotOf(place, answer);
  const made = { who: answer.who || who, when: answer.when, why: answer.why };
  return keysOf(place).map((key) => ({ ...key, ...spot, ...made }));
}

/** What the rows about a place have in common, and its incidents where each needs a row. */
function keysOf({ place, place_local, admin1, admin2, country, ids }) {
  return (ids.length ? ids : [""]).map((incident_id) => ({ incident_id, place, place_local, admin1, admin2, country }));
}

function spotOf(place, { kind, index, unit, lat, lon, precision, name }) {
  const area = { latitude: "", longitude: "", precision: "" };
  if (kind === "none") return { choice: config.none, ...area };
  if (kind === "unit") return { choice: config.region + unit, ...area };
  const spot = kind === "point" ? { choice: name, lat, lon, precision } : place.candidates[index];
  if (unitOf(spot.choice) !== null) return { choice: spot.choice, ...area };
  return { choice: spot.choice, latitude: String(spot.lat), longitude: String(spot.lon), precision: spot.precision };
}

/**
 * Share out rows of an earlier file: the answer for each place by its index, and the rows about no place here.
 *
 * A place's rows are taken for its answer when they are about all of it and say the same; else they stay rows.
 */
export function readRows(rows, places, knowsUnit) {
  const about = new Map();
  places.forEach((place, i) => keysOf(place).forEach((key) => about.set(keyText(key), i)));
  const told = new Map(places.map((_, i) => [i, new Map()]));
  for (const row of rows) told.get(about.get(keyText(row)))?.set(keyText(row), row);
  const found = new Map();
  for (const [index, mine] of told) {
    const all = [...mine.values()];
    const unit = all.length ? unitOf(all[0].choice) : null;
    if (!all.length || all.length < keysOf(places[index]).length || new Set(all.map(sayRow)).size > 1) continue;
    if (unit === null || knowsUnit(unit)) found.set(index, answerOf(all.at(-1), unit, places[index]));
  }
  return { found, others: rows.filter((row) => !found.has(about.get(keyText(row)))) };
}

/** What a row decides, in the words of its columns. */
export function sayRow({ choice, latitude, longitude, precision }) {
  return SPOT.test(choice) ? `${choice} at ${Number(latitude)}, ${Number(longitude)} (${precision})` : choice;
}

/** Each row that decides otherwise than another one about the same, with that one, which stands in `before` or above. */
export function findContradictions(rows, before) {
  const first = new Map();
  for (const row of [...before, ...rows]) if (!first.has(keyText(row))) first.set(keyText(row), row);
  const spotOnly = (row) => (SPOT.test(row.choice) ? sayRow({ ...row, choice: "point" }) : row.choice);
  return rows.map((row) => [row, first.get(keyText(row))]).filter(([row, one]) => spotOnly(row) !== spotOnly(one));
}

/** What is wrong with a row, as clauses: what a build would refuse, and a `when` that is not written as the page does. */
export function judgeRow({ choice, latitude, longitude, precision, who, when }) {
  const spot = SPOT.test(choice);
  const known = spot || choice === config.none || unitOf(choice);
  return [
    known ? null : `choice “${choice}” is no choice`,
    spot && !isSpot(degrees(latitude), degrees(longitude)) ? `“${latitude}”, “${longitude}” are no decimal degrees of a point` : null,
    spot && !Object.hasOwn(config.radii, precision) ? `precision “${precision}” is not that of a point` : null,
    who ? null : "who is empty",
    isDay(when) ? null : `when “${when}” is no day such as 2026-11-01 that has come`,
  ].filter(Boolean);
}

/** Whether a text is a day as the page writes it, from 1900 to where it is tomorrow already. */
function isDay(text) {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) && text >= "1900" ? Date.parse(text) : NaN;
  return time <= Date.now() + DAY_MS && new Date(time).toISOString().startsWith(text);
}

/** Whether a row is about a place or an incident of it. */
export function isAbout(row, place) {
  return keysOf(place).some((key) => keyText(key) === keyText(row));
}

/** The rows; one that says nothing of the district, as in a file without that column, once for each district here. */
export function spreadRows(rows, places) {
  const districts = new Map();
  for (const key of places.flatMap(keysOf)) {
    const wide = keyText({ ...key, admin2: undefined });
    districts.set(wide, [...(districts.get(wide) ?? []), key]);
  }
  return rows.flatMap((row) => (row.admin2 === undefined ? (districts.get(keyText(row)) ?? []).map((key) => ({ ...row, ...key })) : [row]));
}

export function keyText({ incident_id, place, place_local, admin1, admin2, country }) {
  return JSON.stringify([incident_id, place, place_local, admin1, admin2, country]);
}

function answerOf(row, unit, { candidates }) {
  const made = { ...emptyAnswer(), who: row.who, when: row.when, why: row.why };
  if (row.choice === config.none) return { ...made, kind: "none" };
  const spot = { lat: degrees(row.latitude), lon: degrees(row.longitude) };
  const same = (one) => one.choice === row.choice && (unit !== null || (one.lat === spot.lat && one.lon === spot.lon));
  const index = candidates.findIndex(same);
  if (index >= 0) return { ...made, kind: "candidate", index };
  if (unit !== null) return { ...made, kind: "unit", unit };
  return { ...made, kind: "point", ...spot, precision: row.precision, name: row.choice };
}

function degrees(cell) {
  return DECIMAL.test(cell) ? Number(cell) : null;
}
