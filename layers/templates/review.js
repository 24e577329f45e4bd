/* The review page: the list of places, who answers for the decisions, and the file of them. */
import { number, t, tn } from "./i18n.js";
import { $, bdi, el, figure, interleave, tellSum } from "./dom.js";
import { config } from "./review_data.js";
import { guard, readCsv, unguard, writeCsv } from "./review_csv.js";
import {
  emptyAnswer,
  findContradictions,
  isAbout,
  isComplete,
  judgeRow,
  keyText,
  readRows,
  rowsOf,
  sayRow,
  spreadRows,
} from "./review_answers.js";
import { printMap, startMap } from "./review_map.js";
import { copyTemplate, makeForm, nameOf, unitName } from "./review_form.js";

const NUMBERS = ["latitude", "longitude"]; // the columns that may begin with a minus

const { places, countries } = config;
let answers = [];
let heads = []; // the button of each place
let opened = null; // index of the place whose form is open
let unitNames = new Map();
let others = []; // rows of an earlier file that are about no place of this page
let unsaved = false;

async function start() {
  document.title = config.title;
  $("title").append(bdi(config.title));
  startMap();
  unitNames = new Map(Object.values(countries).flatMap(({ units }) => units.map((unit) => [unit.code, unitName(unit)])));
  answers = places.map(emptyAnswer);
  heads = places.map(makeHead);
  $("places").append(...heads.map((head) => head.closest("li")));
  $("credits").append(...config.attribution.map((text) => el("li", {}, bdi(text))), el("li", {}, t("drawnWith")));
  $("all-done").hidden = places.length > 0;
  $("more").hidden = config.more === 0;
  $("more-places").textContent = number(config.more);
  $("save").addEventListener("click", save);
  $("next").addEventListener("click", openNext);
  $("earlier").addEventListener("change", ({ target }) => goOn(target));
  window.addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
  window.addEventListener("beforeprint", () => printing(true));
  window.addEventListener("afterprint", () => printing(false));
  places.forEach((_, i) => showAnswer(i));
  showProgress();
  if (places.length) openPlace(0, { scroll: false });
  document.body.dataset.ready = "true";
}

function printing(on) {
  document.documentElement.classList.toggle("printing", on);
  printMap(on);
}

function makeHead(place, index) {
  const item = copyTemplate("place");
  const fill = (name, ...parts) => item.querySelector(`.place-${name}`).append(...parts);
  const names = listed([place.place, place.place_local], " ");
  fill("name", ...(names.length ? names : ["No place stated"]));
  fill("where", ...listed([place.admin2, place.admin1, place.country], ", "));
  fill("stands", `${tn("incidents", place.n)}, killed `, ...interleave(tellSum(place.killed, place.n)));
  const head = item.querySelector("button");
  head.addEventListener("click", () => (opened === index ? closePlace() : openPlace(index)));
  return head;
}

function listed(texts, between) {
  return interleave(texts.filter(Boolean).map(bdi), between);
}

function closePlace() {
  if (opened === null) return;
  heads[opened].setAttribute("aria-expanded", "false");
  heads[opened].closest("li").querySelector("form").remove();
  opened = null;
}

function openPlace(index, { scroll = true } = {}) {
  closePlace();
  opened = index;
  const form = makeForm(places[index], answers[index], countries, answered);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    openNext();
  });
  heads[index].setAttribute("aria-expanded", "true");
  heads[index].closest("li").append(form);
  if (scroll) heads[index].closest("li").scrollIntoView({ block: "start" });
}

/** Open the next undecided place, from here around; when there is none, only saving is left. */
function openNext() {
  const from = opened === null ? 0 : opened + 1;
  const order = places.map((_, i) => (from + i) % places.length);
  const next = order.find((i) => !isComplete(answers[i]));
  if (next === undefined) return $("save").focus();
  openPlace(next);
  heads[next].focus({ preventScroll: true });
}

function answered() {
  unsaved = true;
  say("");
  showAnswer(opened);
  showProgress();
}

function showProgress() {
  const done = places.filter((_, i) => isComplete(answers[i]));
  const incidents = (list) => list.reduce((all, place) => all + place.n, 0);
  $("done").textContent = number(done.length);
  $("all").textContent = number(places.length);
  $("done-incidents").textContent = number(incidents(done));
  $("all-incidents").textContent = tn("incidents", incidents(places));
  $("progress").max = Math.max(1, places.length);
  $("progress").value = done.length;
}

function showAnswer(index) {
  heads[index].classList.toggle("decided", isComplete(answers[index]));
  heads[index].querySelector(".place-answer").replaceChildren(...answerText(places[index], answers[index]));
}

function answerText({ candidates }, answer) {
  if (!isComplete(answer)) return [answer.kind ? "not finished" : "undecided"];
  if (answer.kind === "none") return ["left unplaced"];
  if (answer.kind === "point") return ["at ", figure(`${answer.lat}, ${answer.lon}`)];
  if (answer.kind === "unit") return ["in ", bdi(unitNames.get(answer.unit))];
  return ["at ", bdi(nameOf(candidates[answer.index]))];
}

function say(text) {
  $("said").textContent = text;
}

function save() {
  const who = $("who").value.trim();
  const decided = places.flatMap((place, i) => (isComplete(answers[i]) ? [[place, answers[i]]] : []));
  const nobody = !who && decided.some(([, answer]) => !answer.who);
  $("who").setAttribute("aria-invalid", String(nobody));
  if (nobody) {
    say("Write your name or initials first: somebody answers for each decision.");
    return $("who").focus();
  }
  if (!decided.length && !others.length) return say("Nothing is decided yet.");
  const rows = allRows();
  const cell = (row, name) => (NUMBERS.includes(name) ? row[name] : guard(row[name]));
  download(config.file, writeCsv([config.header, ...rows.map((row) => config.header.map((name) => cell(row, name)))]));
  unsaved = false;
  const left = answers.filter((answer) => answer.kind && !isComplete(answer)).length;
  const leftOut = left ? ` ${number(left)} not finished and left out.` : "";
  say(`${number(decided.length)} of ${number(places.length)} saved.${leftOut} Give the file to any command: --decisions ${config.file}`);
}

/** Every row to save: those about other places, and of what is decided here. */
function allRows() {
  const who = $("who").value.trim();
  const made = places.flatMap((place, i) => (isComplete(answers[i]) ? rowsOf(place, answers[i], who) : []));
  const about = new Set(made.map(keyText));
  return [...others.filter((row) => !about.has(keyText(row))), ...made];
}

function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}

/**
 * Go on from an earlier file. What it says about other places is kept and saved again; what is decided here stays, and
 * what contradicts it is told.
 */
async function goOn(input) {
  const [file] = input.files;
  try {
    const rows = rowsIn(readText(await file.arrayBuffer()));
    say(`${file.name}: ${takeOver(rows)}`);
  } catch (error) {
    say(`${file.name} was not read: ${error.message}`);
  }
  input.value = ""; // the same file may be chosen again
}

function readText(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("it is not text in UTF-8. Save it as “CSV UTF-8”");
  }
}

function takeOver(rows) {
  const spread = spreadRows(rows, places);
  const against = findContradictions(spread, allRows());
  const refused = new Set(against.map(([row]) => row));
  const agreed = spread.filter((row) => !refused.has(row));
  const { found, others: more } = readRows(agreed, places, (code) => unitNames.has(code));
  others = [...new Map([...others, ...more].map((row) => [JSON.stringify(row), row])).values()];
  for (const [index, answer] of found) {
    if (!isComplete(answers[index])) answers[index] = answer;
    showAnswer(index);
  }
  showProgress();
  const wide = rows.filter((row) => row.admin2 === undefined && !spreadRows([row], places).length).length;
  const told = against.map(([row, one]) => {
    const text = `${row.who} decided “${sayRow(row)}”, which is not taken; ${one.who || "you"} “${sayRow(one)}”`;
    const notes = places.filter((place) => isAbout(row, place)).map((place) => place.notes);
    for (const note of notes) if (!note.includes(text)) note.push(text);
    return `${row.place || row.place_local || row.incident_id}: ${text}`;
  });
  if (opened !== null) openPlace(opened, { scroll: false });
  return [
    `${number(found.size)} of these places decided, ${number(more.length)} rows about others kept.`,
    wide ? `${number(wide)} rows about others say nothing of the district and are not: give this file to --decisions too.` : "",
    told.length ? `${number(told.length)} rows contradict what was decided before: ${told.join("; ")}.` : "",
  ].filter(Boolean).join(" ");
}

/** The rows of a decisions.csv by column, without the marks that guard them. */
function rowsIn(text) {
  const [head] = text.split(/[\r\n]/, 1);
  if (!head.includes(",") && /[;\t|]/.test(head)) throw new Error("it is one single column. Save it with commas between the cells");
  const [header = [], ...lines] = readCsv(text);
  const missing = config.header.filter((name) => !header.includes(name) && name !== "admin2");
  if (missing.length) throw new Error(`it has no column ${missing.join(", ")}`);
  const at = config.header.map((name) => [name, header.indexOf(name)]).filter(([, i]) => i >= 0);
  const cellsOf = (cells) => Object.fromEntries(at.map(([name, i]) => [name, unguard((cells[i] ?? "").trim())]));
  const lined = lines.map((cells, i) => [cellsOf(cells), i + 2]).filter(([row]) => Object.values(row).some(Boolean));
  const numbers = new Map(lined);
  const rows = [...numbers.keys()];
  for (const row of rows) if (/^(none|point)$/i.test(row.choice)) row.choice = row.choice.toLowerCase();
  const wrong = [
    ...rows.flatMap((row) => judgeRow(row).map((what) => `row ${numbers.get(row)}: ${what}`)),
    ...findContradictions(rows, []).map(([row, one]) => {
      return `row ${numbers.get(row)}: “${sayRow(row)}” contradicts row ${numbers.get(one)}, where ${one.who} decided “${sayRow(one)}”`;
    }),
  ];
  if (wrong.length) throw new Error(wrong.join("; "));
  return rows;
}

start().catch((error) => {
  $("failed").hidden = false;
  $("failed").append(` ${error.message}`);
  throw error;
});
