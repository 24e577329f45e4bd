/* The months under the map: a slider over their bars, and a button that plays them. */
import { monthName, monthShort, t, tn } from "./i18n.js";
import { $, el } from "./dom.js";
import { months, slices } from "./data.js";
import { change, passingIn, state } from "./state.js";

const PAUSE = 1400; // ms a month stays while playing
const playable = months.map((_, i) => i).filter((i) => months[i] !== "longer");
let timer = null;

/** Position of the slider: 0 is all months, then one step a month. */
function position() {
  if (state.cell) return playable.indexOf(Number(state.cell.split("/")[1])) + 1;
  return state.month === null ? 0 : playable.indexOf(state.month) + 1;
}

function set(step) {
  change({ cell: null, month: step ? playable[step - 1] : null });
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
}

export function showTimeline() {
  const at = position();
  const words = at ? monthName(months[playable[at - 1]]) : t("allMonths");
  $("month").value = at;
  $("month").setAttribute("aria-valuetext", words);
  $("month-name").textContent = words;
  $("play").classList.toggle("playing", timer !== null);
  $("play").setAttribute("aria-label", timer ? t("pause") : t("play"));
  $("play").title = timer ? t("pause") : t("play");
  showBars(at);
}

/** One bar per month, as high as its incidents of the layers shown. */
function showBars(at) {
  const counts = new Uint32Array(months.length);
  slices.forEach(({ layer, month }, i) => {
    if (!state.layersOff.has(layer)) counts[month] += passingIn[i];
  });
  const largest = Math.max(1, ...playable.map((i) => counts[i]));
  const few = playable.length <= 24;
  const bars = playable.map((i, k) => {
    const height = `${Math.round((100 * counts[i]) / largest)}%`;
    const bar = el("i", { style: { "--height": height }, title: `${monthName(months[i])}: ${tn("incidents", counts[i])}` });
    return el("span", { class: at === 0 || at === k + 1 ? "on" : "" }, bar, few ? el("small", {}, monthShort(months[i])) : null);
  });
  $("bars").replaceChildren(el("span", { class: at === 0 ? "whole on" : "whole" }, few ? el("small", {}, t("all")) : null), ...bars);
}
