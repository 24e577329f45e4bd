/* Title, period, incidents without a place, counting rule, boundaries, credits. */
import { arabic, date, isoDate, t, tn, tv } from "./i18n.js";
import { $, bdi, el, english, phrase } from "./dom.js";
import { column, config, drawn, layers, slices, sliceOf } from "./data.js";
import { flushHash } from "./state.js";
import { chosenAt, everywhere } from "./sums.js";
import { rangesOf } from "./claims.js";
import { openIncident, placeName } from "./card.js";
import { layerNames } from "./matrix.js";
import { glyph } from "./marks.js";

const MOST_UNPLACED = 200; // incidents without a place that are listed

export function showTitle() {
  document.title = config.title;
  $("title").replaceChildren(bdi(config.title));
  $("subtitle").replaceChildren(config.subtitle ? bdi(config.subtitle) : "");
  $("basis").replaceChildren(...basisOf(config.ranges));
  $("period").replaceChildren(config.period ? bdi(config.period) : date(config.days[0], config.days[1], "range"));
}

/** Said above everything: the day whose knowledge is shown, ranges that are not the list's own, and what was chosen. */
function basisOf({ as_of: day, rule, since, until, only, ...told }) {
  const words = [];
  if (day) words.push(el("b", {}, t("asOf", { day: isoDate(day) })), " ", t("asOfListed"), " ");
  if (rule !== "stated") words.push(rangesOf({ rule, ...told }));
  if (told.left_out) words.push(" ", tn("leftOut", told.left_out));
  if (told.undated) words.push(" ", tn("leftOutUndated", told.undated));
  if (since) words.push(" ", t("onlyFrom", { day: isoDate(since) }));
  if (until) words.push(" ", t("onlyUntil", { day: isoDate(until) }));
  const names = () => el("span", {}, only.flatMap(([label, local], i) => [i ? t("or") : "", bdi((arabic && local) || label)]));
  if (only.length) words.push(" ", ...phrase("onlyActors", { names }));
  if (told.set_aside) words.push(" ", tn("setAside", told.set_aside));
  return words;
}

/** The records of the choice that have no place, each with the reason. */
export async function showUnplaced() {
  const found = [...chosenAt(drawn.unplaced)];
  $("unplaced").hidden = !chosenAt(everywhere).length;
  $("unplaced-count").textContent = found.length ? tn("unplacedRecords", found.length) : t("unplacedNone");
  $("unplaced").classList.toggle("none", !found.length);
  $("unplaced").dataset.number = found.length;
  const names = ["place", "place_local", "country", "precision", "location_note"];
  const [place, local, country, precision, note] = await Promise.all(names.map(column));
  const items = found.slice(0, MOST_UNPLACED).map((i) => el("li", {}, el(
    "button",
    { type: "button", onclick: () => openIncident(i, found) },
    glyph(slices[sliceOf(i)].layer, 16),
    el(
      "span",
      {},
      el("b", {}, bdi(placeName(place.at(i), local.at(i)) || country.at(i) || t("notStated"))),
      el("small", {}, note.at(i) ? english(note.at(i)) : tv("precisions", precision.at(i) || "none")),
    ),
  )));
  $("unplaced-list").replaceChildren(...items);
  $("unplaced-more").textContent = found.length > MOST_UNPLACED ? t("andMore", { n: found.length - MOST_UNPLACED }) : "";
}

export function showAbout() {
  const boundaries = config.boundaries.map((set) => el("li", {}, ...describeBoundaries(set)));
  const rules = [t("rule1"), t("rule2"), rangesOf(config.ranges), t("rule3"), t("rule4")].map((words) => el("li", {}, words));
  $("rules").replaceChildren(...rules);
  const credits = config.attribution.map((text) => el("li", {}, english(text)));
  const { source, attribution } = config.base_layer ?? {};
  const own = source ? [el("li", {}, ...phrase("baseLayer", { source: () => bdi(source) }), " ", bdi(attribution))] : [];
  $("credits").replaceChildren(...boundaries, ...own, ...credits, el("li", {}, t("drawnWith")));
  $("credit").replaceChildren(config.credit ? bdi(config.credit) : "");
}

const FEWEST_LAYERS = 8; // named under an embedded map, as far as there are so many
const MOST_LAYERS = 40;
const MOST_HEIGHT = 0.3; // of the window, for what stands under the map

/** Under an embedded map: who is who, who publishes it, and the way to the whole page with its sources. */
export function showEmbed() {
  const whole = el("a", { href: "#", target: "_blank", rel: "noopener" }, t("wholeMap"));
  whole.addEventListener("click", () => {
    flushHash();
    const view = new URLSearchParams(location.hash.slice(1));
    view.delete("embed");
    whole.href = `${location.href.split("#")[0]}#${view}`;
  });
  $("embed-about").replaceChildren(...(config.credit ? [bdi(config.credit), " · "] : []), whole);
  showEmbedKey();
}

/** Name as many layers as there is room for, and how many more there are. */
function showEmbedKey() {
  const items = layers.slice(0, MOST_LAYERS).map((_, i) => el("li", {}, glyph(i, 15), bdi(layerNames[i])));
  const rest = el("li", {});
  $("embed-key").replaceChildren(...items, rest);
  for (let n = items.length; ; n--) {
    rest.hidden = n === layers.length;
    rest.textContent = tn("rows", layers.length - n);
    if (n <= FEWEST_LAYERS || $("embed").scrollHeight <= MOST_HEIGHT * window.innerHeight) return;
    items[n - 1].remove();
  }
}

const MOST_COUNTRIES = 4; // named in one line

/** "Boundaries: geoBoundaries (Syria), valid until 31 December 2017." and how many incidents are of another time. */
function describeBoundaries({ source, valid_from: from, valid_to: to, countries, others }) {
  const key = ["boundaries", from ? "From" : "", to ? "To" : ""].join("");
  const slots = { source: () => bdi(source), from: () => isoDate(from), to: () => isoDate(to) };
  const names = countries.map(([name, local]) => bdi((arabic && local) || name));
  const listed = names.length > MOST_COUNTRIES ? [] : [" (", ...names.flatMap((name, i) => (i ? [", ", name] : [name])), ")"];
  const words = phrase(key, { ...slots, countries: () => el("span", {}, ...listed) });
  return others ? [...words, ` ${tn("boundariesOthers", others)}`] : words;
}
