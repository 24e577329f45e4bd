/* The months under the map: a slider over their bars, and a button that plays them. */
import { monthName, monthShort, t, tn } from "./i18n.js";
import { $, el } from "./dom.js";
import { months, slices } from "./data.js";
import { change, isInSpan, isShown, passingIn, state } from "./state.js";

const PAUSE = 1400; // ms a month stays while playing
const playable = months.map((_, i) => i).filter((i) => months[i] !== "longer");
let timer = null;

/** Position of the slider: 0 is all months, then one step a month. */
function position() {
  return state.months && state.months[0] === state.months[1] ? playable.indexOf(state.months[0]) + 1 : 0;
}

function set(step) {
  change({ months: step ? [playable[step - 1], playable[step - 1]] : null });
}

function stop() {
  clearInterval(timer);
  timer = null;
  showTimeline();
}

function play() {
  if (timer) return stop();
  const next = () => {
    const at = position();
    if (at >= playable.length) return stop();
    set(at + 1);
  };
  timer = setInterval(next, PAUSE);
  set(position() >= playable.length ? 1 : position() + 1);
}

export function startTimeline() {
  $("timeline").hidden = playable.length < 2;
  const slider = $("month");
  slider.max = playable.length;
  slider.addEventListener("input", () => {
    if (timer) stop();
    set(Number(slider.value));
  });
  $("play").addEventListener("click", play);
  $("months").classList.toggle("labelled", labelled);
  $("months").classList.toggle("short", playable.length <= 8);
  $("bars").replaceChildren(whole, ...bars.map(({ node }) => node));
}

export function showTimeline() {
  const at = position();
  const words = spanName();
  $("month").value = at;
  $("month").setAttribute("aria-valuetext", words);
  $("month-name").textContent = words;
  $("play").classList.toggle("playing", timer !== null);
  $("play").setAttribute("aria-label", timer ? t("pause") : t("play"));
  $("play").title = timer ? t("pause") : t("play");
  showBars();
}

/** The months shown, in words: "All months", "March 2017", "January 2014 – December 2014". */
export function spanName() {
  if (!state.months) return t("allMonths");
  const [from, to] = state.months.map((i) => monthName(months[i]));
  return from === to ? from : t("period", { from, to });
}

/** One bar per month, as high as its incidents of the layers shown. */
function showBars() {
  const counts = new Uint32Array(months.length);
  slices.forEach(({ layer, month }, i) => {
    if (isShown(layer)) counts[month] += passingIn[i];
  });
  const largest = Math.max(1, ...playable.map((i) => counts[i]));
  whole.classList.toggle("on", !state.months);
  for (const shown of bars) {
    const { month, node, bar } = shown;
    node.classList.toggle("on", isInSpan(month));
    bar.style.setProperty("--bar", `${Math.round((100 * counts[month]) / largest)}%`);
    if (shown.count === counts[month]) continue;
    shown.count = counts[month];
    bar.title = `${monthName(months[month])}: ${tn("incidents", counts[month])}`;
  }
}

const labelled = playable.length <= 24; // months that can have their names beneath
const whole = el("span", { class: "whole" }, ...monthNames(t("all"), ""));
const years = playable.map((month) => months[month].slice(0, 4));
const yearNames = nameYears();
const bars = playable.map((month, i) => {
  const bar = el("i");
  const year = years[i] === years[i - 1] ? "" : years[i];
  const node = el("span", {}, bar, ...monthNames(monthShort(months[month]), year), el("small", { class: "by-year" }, yearNames[i]));
  return { month, node, bar, count: -1 };
});

/** What stands under a bar where months have names: its name, and its year where that begins. */
function monthNames(name, year) {
  return labelled ? [el("small", { class: "by-month" }, name), el("small", { class: "year" }, year)] : [];
}

/** For the year of each bar, its name where it begins and has room; the others are empty. */
function nameYears() {
  const room = years.length / 7;
  let last = -Infinity;
  return years.map((year, i) => {
    if (year === years[i - 1] || i - last < room || years.length - i < room / 2) return "";
    last = i;
    return year;
  });
}
