/* Putting it together: unpack, show, listen. */
/* global L, map_incidents */
import { number, t } from "./i18n.js";
import { $, copyText, translate } from "./dom.js";
import { column, config, incident, loadMarks, rows } from "./data.js";
import { change, flushHash, onChange, readHash, state, writeHash } from "./state.js";
import { loadGroups } from "./counted.js";
import { loadBasemap } from "./basemap.js";
import { loadCoverage, showCoverage } from "./coverage.js";
import { loadRegions, sumRegions } from "./regions.js";
import { loadFindings } from "./notes.js";
import { describePicture, drawForPrint, fitAll, makeMap, map, pick, pickFinding, repaint, repaintAll, resize, rowsOf, startPainting } from "./symbols.js";
import { showSums, sumInView } from "./sums.js";
import { fitMatrix, layerNames, showChosen, showMatrix, startMatrix } from "./matrix.js";
import { showTimeline, startTimeline } from "./timeline.js";
import { showFilters, startFilters } from "./filters.js";
import { showByRegion, showLegend, startLegend } from "./legend.js";
import { closeCard, openById, openIncident, openRows, startCard } from "./card.js";
import { readFinding, showFindings } from "./findings.js";
import { showTable, startTable } from "./table.js";
import { showAbout, showEmbed, showTitle, showUnplaced } from "./about.js";

async function start() {
  translate(document.body);
  showTitle();
  const ground = column("basemap").then(loadBasemap);
  await Promise.all([loadMarks(), loadGroups(), ground, loadRegions(), loadFindings(), loadCoverage()]);
  const { view, incident: id } = await readHash();
  makeMap(map_incidents);
  if (view) map.setView([view.lat, view.lng], view.zoom, { animate: false });
  else fitAll();
  startPainting();
  performance.mark("incidents-drawn");
  startMatrix();
  startTimeline();
  startLegend();
  startCard();
  startTable();
  startPage();
  showMatrix();
  showTimeline();
  showLegend();
  showAbout();
  showFindings();
  showCoverage();
  showEmbed();
  await startFilters();
  onChange(changed);
  map.on("moveend", moved);
  map.on("click", clicked);
  map.on("mousemove", hovered);
  await Promise.all([showSums(), showUnplaced(), showTable()]);
  if (id) await openById(id);
  document.body.dataset.ready = "true";
}

/** The reader changed the choice. */
function changed(names) {
  repaint(names);
  if (only(names, "incident", "tiles")) return saveView();
  if (names.has("filters")) showMatrix();
  else showChosen();
  showTimeline();
  showFilters();
  if (!only(names, "table")) showLegend();
  showByRegion();
  if (!only(names, "table", "shade")) showUnplaced();
  moved();
}

function only(names, ...listed) {
  return [...names].every((name) => listed.includes(name));
}

/** The reader moved the map, or what it shows has changed. */
function moved() {
  showSums();
  showTable();
  saveView();
}

function saveView() {
  writeHash({ zoom: map.getZoom(), ...map.getCenter() });
}

function clicked({ containerPoint }) {
  const found = pick(containerPoint);
  const finding = found ? null : pickFinding(containerPoint);
  if (found) openRows(rowsOf(found));
  else if (finding) readFinding(finding);
  else closeCard();
}

function hovered({ containerPoint }) {
  $("stage").classList.toggle("on-mark", (pick(containerPoint) ?? pickFinding(containerPoint)) !== null);
}

function startPage() {
  $("skip").addEventListener("click", () => $("panel").focus());
  $("fit").addEventListener("click", fitAll);
  $("print").addEventListener("click", () => window.print());
  $("copy-link").addEventListener("click", async ({ target }) => {
    flushHash();
    target.textContent = t((await copyText(location.href)) ? "copied" : "copyFailed");
    setTimeout(() => (target.textContent = t("copyLink")), 1500);
  });
  new ResizeObserver(resize).observe($("stage"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaintAll);
  watchScreen();
  window.addEventListener("beforeprint", () => printing(true));
  window.addEventListener("afterprint", () => printing(false));
  window.addEventListener("hashchange", async () => {
    const { view, incident: id } = await readHash();
    if (view) map.setView([view.lat, view.lng], view.zoom, { animate: false });
    changed(new Set(["filters", "shade", "table", "tiles"]));
    if (!id) closeCard();
    else if (id !== state.incidentId || state.incident === null) await openById(id);
  });
}

/** Another screen has finer or coarser pixels, and the canvases follow. */
function watchScreen() {
  const follow = () => {
    repaintAll();
    watchScreen();
  };
  matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`).addEventListener("change", follow, { once: true });
}

const SHEET = 190; // mm of height inside the margins of the sheet
const SMALLEST = 0.6;

/** Make the figures and notes smaller until all of the page is on one sheet. */
function fitSheet() {
  const sheet = (SHEET * 96) / 25.4;
  let fit = 1;
  const set = () => document.documentElement.style.setProperty("--fit", fit);
  for (set(); $("page").offsetHeight > sheet && fit > SMALLEST; set()) fit -= 0.04;
}

const PRINTED = 8; // entries of a folded list that a sheet has room for

/** On paper nothing can be unfolded: the first entries are printed with how many more there are; afterwards all is as it was. */
function unfold(on) {
  for (const list of [$("unplaced"), $("findings")]) {
    if (on) list.dataset.was = list.open ? "open" : "";
    list.open = on || list.dataset.was === "open";
    list.querySelectorAll("li").forEach((entry, i) => entry.classList.toggle("screen", i >= PRINTED));
    const more = Number(list.dataset.number) - PRINTED;
    list.querySelector(".paper").textContent = more > 0 ? t("andMore", { n: number(more) }) : "";
  }
}

/** On paper the map has another size, finer pixels and light colours, and is drawn for it; within a page that is printed it
    keeps its size. */
function printing(on) {
  const isSheet = on && window.parent === window;
  document.documentElement.classList.toggle("printing", isSheet);
  unfold(isSheet);
  fitMatrix(isSheet);
  if (isSheet) fitSheet();
  resize();
  drawForPrint(on);
}

/** What is chosen, drawn and counted: for tests, and for whoever wants to check the page. */
window.incidentmap = {
  rows,
  config,
  layerNames,
  state: () => state,
  picture: describePicture,
  sums: sumInView,
  regions: sumRegions,
  incident,
  change,
  open: (row) => openIncident(row, [row]),
  map: () => map,
};

start().catch((error) => {
  $("failed").hidden = false;
  $("failed").append(` ${error.message}`);
  throw error;
});
