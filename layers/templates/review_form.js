/* One place's form: the candidates, and what a person may say instead. */
/* global L */
import { date, km, t, tn, tv } from "./i18n.js";
import { $, bdi, el, figure, range, source } from "./dom.js";
import { config } from "./review_data.js";
import { emptyAnswer, isComplete, unitOf } from "./review_answers.js";
import { bringIntoView, fitCandidates, showCandidates, showChoice } from "./review_map.js";

const DECIMALS = 5; // of a degree: a metre
const LEVELS = ["country", "admin1", "admin2", "admin3"];

/** A copy of the markup in a template. */
export function copyTemplate(id) {
  return $(id).content.firstElementChild.cloneNode(true);
}

/** Make the form of a place and show it on the map; `changed` is called after every change of its answer. */
export function makeForm(place, answer, countries, changed) {
  const form = copyTemplate("form");
  fillForm(form, place, countries);
  const say = (values, { show = true } = {}) => {
    Object.assign(answer, values, { who: "", when: today() });
    if (show) showChosen(form, place, answer);
    changed();
  };
  listen(form, answer, say);
  showCandidates(place.candidates.map((one) => ({ ...one, name: nameOf(one) })), place.within, {
    pick: (index) => say({ kind: "candidate", index }),
    set: (lat, lon) => say({ kind: "point", lat: round(lat), lon: round(lon), name: "point" }),
  });
  showChosen(form, place, answer);
  fitCandidates(place.iso);
  return form;
}

function fillForm(form, place, countries) {
  const find = (selector) => form.querySelector(selector);
  find(".notes").append(...place.notes.map((note) => el("p", {}, bdi(note))));
  find(".candidates").append(...place.candidates.map((one, i) => candidateChoice(one, i, place.candidates)));
  if (!place.candidates.length) find(".candidates").append(el("p", { class: "quiet" }, "No gazetteer has a name like it."));
  find(".unit").append(el("option", { value: "" }, "Choose …"), ...unitOptions(place, countries));
  const precisions = Object.entries(config.radii).map(([value, radius]) => {
    return el("option", { value }, t("placedWithin", { precision: tv("precisions", value), km: km(radius) }));
  });
  find(".precision").append(...precisions);
  const { n, incidents } = place;
  find(".stated summary").append(tn("incidents", n), incidents.length < n ? `, the first ${incidents.length}` : "");
  find(".stated ul").append(...incidents.map(incidentItem));
}

function listen(form, answer, say) {
  const [latitude, longitude] = [form.querySelector(".latitude"), form.querySelector(".longitude")];
  form.addEventListener("change", ({ target }) => {
    if (target.name === "choice") say(choiceOf(target.value));
    if (target.matches(".unit")) say({ unit: target.value });
    if (target.matches(".precision")) say({ precision: target.value });
  });
  form.addEventListener("input", ({ target }) => {
    if (target.matches(".why")) say({ why: target.value.trim() }, { show: false });
    if (!target.matches(".latitude, .longitude")) return;
    const [lat, lon] = [latitude, longitude].map((field) => (Number.isNaN(field.valueAsNumber) ? null : field.valueAsNumber));
    say({ lat, lon, name: "point" });
    if (isComplete(answer)) bringIntoView(answer);
  });
  form.querySelector(".undo").addEventListener("click", () => {
    say({ ...emptyAnswer(), why: answer.why });
    form.querySelector("[name=choice]").focus();
  });
}

function showChosen(form, place, answer) {
  const { kind, index, unit, lat, lon, precision, why } = answer;
  const value = kind === "candidate" ? String(index) : kind;
  for (const radio of form.querySelectorAll("[name=choice]")) radio.checked = radio.value === value;
  for (const more of form.querySelectorAll(".choice-more")) more.hidden = more.dataset.for !== kind;
  write(form.querySelector(".unit"), unit);
  write(form.querySelector(".latitude"), lat ?? "");
  write(form.querySelector(".longitude"), lon ?? "");
  write(form.querySelector(".precision"), precision);
  write(form.querySelector(".why"), why);
  form.querySelector(".undo").hidden = kind === null;
  const chosen = kind === "candidate" ? place.candidates[index] : null;
  const named = kind === "unit" ? unit : unitOf(chosen?.choice ?? "");
  const point = kind === "point" && isComplete(answer) ? L.latLng(lat, lon) : null;
  showChoice({ index, unit: named, aims: kind === "point", point, km: config.radii[chosen?.precision ?? precision] });
}

/** Set a field unless somebody is writing in it. */
function write(field, value) {
  if (field !== document.activeElement || field.matches("select")) field.value = value;
}

function choiceOf(value) {
  return /^\d+$/.test(value) ? { kind: "candidate", index: Number(value) } : { kind: value, index: null };
}

function round(angle) {
  return Number(angle.toFixed(DECIMALS));
}

/** This day, where the reader is, as ISO has it. */
function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** A candidate's name; a location that nothing in a gazetteer stands for has none. */
export function nameOf({ name }) {
  return name || "Where it is placed now";
}

function candidateChoice(candidate, index, all) {
  const { name, local, reason, now } = candidate;
  const names = [el("b", {}, bdi(nameOf(candidate))), ...(local && local !== name ? [" ", bdi(local)] : [])];
  const lines = [factsOf(candidate, all[0]), reason ? bdi(reason) : null].filter(Boolean).map((line) => el("small", {}, line));
  const badge = el("span", { class: "number", "aria-hidden": "true" }, String(index + 1));
  const radio = el("input", { type: "radio", name: "choice", value: String(index) });
  const text = el("span", {}, ...names, now ? el("small", { class: "now" }, "placed here now") : null, ...lines);
  return el("div", { class: "choice" }, el("label", {}, radio, badge, text));
}

/** Where it lies, what it is, how alike, and how far from the first: far apart the choice matters, close by hardly. */
function factsOf(candidate, first) {
  const { admin1, precision, score, lat, lon } = candidate;
  const facts = [admin1 ? bdi(admin1) : null, tv("precisions", precision)];
  if (score !== null) facts.push(["score ", figure(score.toFixed(2))]);
  if (candidate !== first && lat !== null && first.lat !== null) {
    facts.push(`${km(L.latLng(first.lat, first.lon).distanceTo([lat, lon]) / 1000)} from 1`);
  }
  return facts.filter(Boolean).flatMap((fact, i) => (i ? [" · ", fact] : [fact])).flat();
}

/** The units of the place's country, or of every country of the page when it is not known. */
function unitOptions(place, countries) {
  const units = (countries[place.iso] ? [countries[place.iso]] : Object.values(countries)).flatMap((country) => country.units);
  const options = [];
  let group = null;
  for (const unit of units) {
    const option = el("option", { value: unit.code }, unitName(unit));
    if (unit.level === 0) options.push(option);
    else if (unit.level === 1) options.push((group = el("optgroup", { label: unit.name }, option)));
    else group.append(option);
  }
  return options;
}

export function unitName({ name, local, level }) {
  return `${local && local !== name ? `${name} ${local}` : name}, ${tv("precisions", LEVELS[level]).toLowerCase()}`;
}

function incidentItem({ id, start, end, precision, killed, description, sources }) {
  const links = sources.map((text) => el("li", {}, source(text)));
  return el(
    "li",
    {},
    el("b", {}, bdi(id)),
    ` ${date(start, end, precision)} · killed `,
    range(...killed),
    description ? el("p", {}, bdi(description)) : null,
    links.length ? el("ul", {}, ...links) : null,
  );
}
