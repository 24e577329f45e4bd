/* Background images from the web, when the publisher of this page asked for them: from one host, which the page's policy
and a note name. The map inside the page lies under them, and is what the reader sees while they are away. */
/* global L */
import { t } from "./i18n.js";
import { $, bdi, el, phrase } from "./dom.js";
import { config } from "./data.js";
import { change, state } from "./state.js";

let layer = null;
let arrived = false; // whether any image has come since they were last turned on

/** Whether the images are what the reader sees. */
export function areTilesSeen() {
  return state.tiles && arrived;
}

/** Make the images' layer and its controls; `redraw` is called when the first image comes, or the last one goes. */
export function startTiles(map, redraw) {
  $("background").hidden = !config.tiles;
  if (!config.tiles) return;
  const { url, subdomains, min_zoom: minNativeZoom, max_zoom: maxNativeZoom } = config.tiles;
  map.createPane("tiles").style.zIndex = 225; // over the land, under the shades
  layer = L.tileLayer(url, { pane: "tiles", subdomains, minNativeZoom, maxNativeZoom, maxZoom: map.getMaxZoom(), referrerPolicy: "no-referrer" });
  layer.on("tileload", () => {
    if (arrived) return;
    arrived = true;
    showTiles();
    redraw();
  });
  layer.on("tileerror", showTiles);
  $("tiles").addEventListener("change", ({ target }) => change({ tiles: target.checked }));
  const host = () => bdi(config.tiles.host);
  $("tiles-label").replaceChildren(...phrase("tiles", { host }));
  $("tiles-hint").replaceChildren(...phrase("tilesHint", { host }));
  $("map-credit").replaceChildren(...phrase("tilesCredit", { host, credit: () => bdi(config.tiles.attribution) }));
  switchTiles(map);
}

/** Let the map follow the choice. */
export function switchTiles(map) {
  if (!layer || state.tiles === map.hasLayer(layer)) return;
  arrived = false;
  if (state.tiles) layer.addTo(map);
  else layer.remove();
  showTiles();
}

function showTiles() {
  $("tiles").checked = state.tiles;
  $("map-credit").hidden = !areTilesSeen();
  $("tiles-failed").replaceChildren(state.tiles && !arrived ? el("span", {}, t("tilesFailed")) : "");
}
