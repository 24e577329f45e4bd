/* Who claims which number of an incident, and where the ranges come from. */
import { apart, arabic, isoDate, t, tn, tv } from "./i18n.js";
import { $, bdi, el, phrase, range, source } from "./dom.js";
import { POINT, column, config, hasColumn, latLng } from "./data.js";
import { map } from "./symbols.js";

let claimsById = null;

export async function loadClaims() {
  claimsById ??= hasColumn("claims") ? await column("claims") : {};
}

/** Where the ranges come from, in words. */
export function rangesOf({ rule, value, kept }) {
  const chosen = rule === "source-kind" ? tv("sourceKinds", value) : tv("gradings", value);
  const words = t(`ranges.${rule}`, { value: chosen });
  return kept ? `${words} ${tn("rangesKept", kept)}` : words;
}

/** The names of actors whose ids are separated by "|". */
export function actorLabels(ids) {
  return ids.split("|").filter(Boolean).map((id) => (arabic && config.actors[id]?.label_ar) || config.actors[id]?.label || id).join(", ");
}

/** Where claims put an incident that has a point itself: [[latitude, longitude], ...]. */
export function claimedPoints(f) {
  if (f.kind !== POINT) return [];
  return (claimsById?.[f.incident_id] ?? []).filter(({ at }) => at).map(({ at }) => at);
}

const MARGIN = 40; // pixels

/** The part of the map that the card leaves free, as Leaflet takes it. */
function besideCard() {
  const [card, stage] = [$("card"), map.getContainer()].map((node) => node.getBoundingClientRect());
  const free = { paddingTopLeft: [MARGIN, MARGIN], paddingBottomRight: [MARGIN, MARGIN] };
  if (2 * card.width > stage.width) free.paddingBottomRight[1] += Math.min(stage.bottom - card.top, stage.height - 4 * MARGIN);
  else if (card.left - stage.left > stage.right - card.right) free.paddingBottomRight[0] += stage.right - card.left;
  else free.paddingTopLeft[0] += card.right - stage.left;
  return free;
}

/** How far a claimed point lies from that of the incident, and a way to see both. */
function farFrom(f, at) {
  const own = latLng(f.row);
  const show = () => map.fitBounds([own, at], { ...besideCard(), maxZoom: 13 });
  const words = t("claimedApart", { km: apart(map.distance(own, at) / 1000) });
  return [` (${words}) `, el("button", { type: "button", class: "plain", onclick: show }, t("showClaimed"))];
}

/** What each source said and when, side by side. */
export function claimsOf(f) {
  const claims = claimsById?.[f.incident_id];
  if (!claims) return null;
  return el("ul", { class: "claims" }, claims.map(({ source: name, url, published, stance, grading, actor, location, at, note, figures }) => el(
    "li",
    {},
    el("div", {}, url ? source(url, name) : bdi(name), el("small", {}, [published ? isoDate(published) : t("undated"), tv("stances", stance), grading ? tv("gradings", grading) : ""].filter(Boolean).join(" · "))),
    el("div", { class: "said" }, figures.map(figureOf)),
    ...figures.flatMap(([, , , , newer]) => newer).map(replaced),
    actor ? el("small", {}, `${t("actorNamed")}: `, bdi(actorLabels(actor))) : null,
    location ? el("small", {}, `${t("placeNamed")}: `, bdi(location), ...(at && f.kind === POINT ? farFrom(f, at) : [])) : null,
    note ? el("small", { dir: "auto" }, bdi(note)) : null,
  )));
}

/** "Civilians 40": struck through when a later claim superseded it, bold when it makes the range above. */
function figureOf([measure, low, high, used, newer]) {
  const tag = newer.length ? "s" : "span";
  return el(tag, { class: used ? "in-range" : null }, tv("measures", measure), " ", low === null && high === null ? t("noFigure") : range(low, high));
}

/** "Superseded by: SOHR, 17 March 2017: 49". */
function replaced([name, published, low, high]) {
  const figure = low === null && high === null ? t("noFigure") : range(low, high);
  return el("small", {}, ...phrase("supersededBy", {
    source: () => bdi(name),
    day: () => (published ? isoDate(published) : t("undated")),
    figure: () => figure,
  }));
}

/** Where the range above comes from, when the incident has claims. */
export function basisOfRange() {
  const words = [rangesOf(config.ranges), config.ranges.rule === "stated" ? "" : t("inRange")];
  return el("p", { class: "quiet" }, words.filter(Boolean).join(" "));
}
