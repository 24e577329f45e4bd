/* What sources state about an area without a number: read on the card, listed in the panel, never in a sum. */
import { isoDate, t, tn } from "./i18n.js";
import { $, bdi, el, english, source } from "./dom.js";
import { change } from "./state.js";
import { chooseFinding, findings } from "./notes.js";
import { map } from "./symbols.js";
import { actorLabels } from "./claims.js";
import { facts, placeName, show } from "./card.js";

/** Read a finding on the card, with its outline drawn strong. */
export function readFinding(finding) {
  const days = [finding.period_start, finding.period_end].filter(Boolean).map(isoDate);
  show(t("finding"), [
    el("h3", {}, bdi(areaName(finding))),
    el("p", { class: "description", dir: "auto" }, bdi(finding.statement)),
    el("p", { class: "differs" }, t("findingNotCounted")),
    facts([
      ["statedBy", finding.source],
      ["published", finding.published ? isoDate(finding.published) : t("undated")],
      ["periodStated", days.length ? days.join(" – ") : t("notStated")],
      ["actorNamed", actorLabels(finding.actor)],
      ["area", finding.location_note && english(finding.location_note)],
      ["note", finding.note],
    ]),
    el("h4", {}, t("sources")),
    finding.url ? el("ul", { class: "sources" }, finding.url.split("|").map((link) => el("li", {}, source(link)))) : el("p", { class: "quiet" }, t("noSources")),
  ]);
  chooseFinding(finding);
  change({ incident: null });
}

function areaName({ place: name, place_local: local, admin1, country }) {
  return placeName(name, local) || admin1 || country;
}

/** List them in the panel; a click reads one, and shows its area. */
export function showFindings() {
  $("findings").hidden = !findings.length;
  $("findings-count").textContent = tn("findings", findings.length);
  $("findings").dataset.number = findings.length;
  const open = (finding) => () => {
    if (finding.bounds) map.fitBounds(finding.bounds, { padding: [60, 60], maxZoom: 11 });
    readFinding(finding);
  };
  $("findings-list").replaceChildren(...findings.map((finding) => el("li", {}, el(
    "button",
    { type: "button", onclick: open(finding) },
    el("span", { class: "sheet", "aria-hidden": "true" }),
    el("span", {}, el("b", {}, bdi(areaName(finding))), el("small", {}, bdi(finding.source)), el("small", { dir: "auto" }, bdi(finding.statement))),
  ))));
}
