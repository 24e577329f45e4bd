/* What the page was made with, and where degrees lie on the map. */

export const config = JSON.parse(document.getElementById("incidents-config").textContent);

/** A part of the data by name. */
export async function column(name) {
  return config[name];
}

/** Longitude and latitude on Web Mercator with the world as the unit square, north at 0: Leaflet's own projection. */
export function project(lon, lat) {
  return [mercatorX(lon), mercatorY(lat)];
}

export function mercatorX(lon) {
  return lon / 360 + 0.5;
}

export function mercatorY(lat) {
  const sine = Math.sin((Math.max(-85.06, Math.min(85.06, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}
