/* A Leaflet layer that is one canvas: it pans and zooms with the map and is painted anew when the map comes to rest;
and where degrees lie on it. */
/* global L */

export const EARTH_KM = 40075.017; // length of the equator on the map's sphere

const PADDING = 0.1; // painted beyond each edge, as a share of the map, so that a short drag shows no gap

export const CanvasLayer = L.Renderer.extend({
  /* A canvas that is painted while printing is printed as its strokes, and Chromium then lets the clearing of one canvas
  erase those below it: for print, the picture is painted elsewhere and handed over as a bitmap. */
  options: { padding: PADDING, density: 1, bitmap: false, slides: false, with: [] },

  /** `paint(context, view)` draws everything; `view` turns world coordinates (0 to 1) into canvas pixels, and only what is
  within its `frame` has to be drawn. What `slides` looks the same wherever it lies, so that a move leaves most as it is. */
  initialize(paint, options) {
    L.Renderer.prototype.initialize.call(this, options);
    this._paint = paint;
  },

  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.setAttribute("aria-hidden", "true");
  },

  _destroyContainer() {
    this._container.remove();
    delete this._container;
  },

  _updatePaths() {},

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const { scale, x, y, width, height } = this.view();
    const last = this._shown;
    if (last && last.join() === [scale, x, y, width, height].join()) return; // Leaflet says twice that it has moved
    if (!last || !this._slide(last, [scale, x, y, width, height])) this.repaint();
  },

  /** Move what is painted to where it belongs now, and paint what came into view; false when that is not possible. */
  _slide([scale, x, y, ...size], [toScale, toX, toY, width, height]) {
    const density = this._density();
    const [dx, dy] = [x - toX, y - toY];
    const [top, bottom] = [Math.max(0, dy), height + Math.min(0, dy)];
    const isNear = scale === toScale && size.join() === [width, height].join() && Math.abs(dx) < width && top < bottom;
    const canvas = this._container;
    const fits = canvas.width === width * density && canvas.height === height * density; // in whole pixels of this screen
    const isWhole = fits && [dx * density, dy * density].every(Number.isInteger);
    if (!this.options.slides || this.options.bitmap || !isNear || !isWhole) return false;
    const context = canvas.getContext("2d");
    L.DomUtil.setPosition(canvas, this._bounds.min);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalCompositeOperation = "copy";
    context.drawImage(canvas, dx * density, dy * density);
    context.globalCompositeOperation = "source-over";
    context.scale(density, density);
    if (dx) this._paintFrame(context, dx > 0 ? [0, top, dx, bottom] : [width + dx, top, width, bottom]);
    if (dy) this._paintFrame(context, dy > 0 ? [0, 0, width, dy] : [0, height + dy, width, height]);
    this._shown = [toScale, toX, toY, width, height];
    return true;
  },

  _paintFrame(context, frame) {
    const [left, top, right, bottom] = frame;
    context.save();
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    this._paint(context, { ...this.view(), frame });
    context.restore();
  },

  /** Canvas pixels per pixel of the page. */
  _density() {
    return Math.max(1, window.devicePixelRatio || 1) * this.options.density;
  },

  /** Paint what is there now; the layer calls it after every move. */
  repaint() {
    if (!this._map) return;
    const size = this._bounds.getSize();
    const density = this._density();
    const canvas = this._container;
    const brush = this.options.bitmap ? new OffscreenCanvas(1, 1) : canvas;
    L.DomUtil.setPosition(canvas, this._bounds.min);
    for (const surface of new Set([canvas, brush])) {
      surface.width = Math.round(size.x * density);
      surface.height = Math.round(size.y * density);
    }
    canvas.style.width = `${size.x}px`;
    canvas.style.height = `${size.y}px`;
    const context = brush.getContext("2d");
    context.scale(density, density);
    const view = this.view();
    for (const layer of [...this.options.with, this]) layer._paint(context, view);
    this._shown = [view.scale, view.x, view.y, view.width, view.height];
    if (brush !== canvas) canvas.getContext("2d").drawImage(brush, 0, 0);
  },

  view() {
    const origin = this._map.getPixelOrigin().add(this._bounds.min);
    const zoom = this._map.getZoom();
    const { x: width, y: height } = this._bounds.getSize();
    return { scale: 256 * 2 ** zoom, x: origin.x, y: origin.y, width, height, zoom, inset: this._inset(), frame: [0, 0, width, height] };
  },

  /** Where the visible map lies on the canvas: what is in view is judged by it, not by the padding. */
  _inset() {
    const min = this._map.containerPointToLayerPoint([0, 0]).subtract(this._bounds.min);
    const size = this._map.getSize();
    return { left: min.x, top: min.y, right: min.x + size.x, bottom: min.y + size.y };
  },
});

const PRINT_DENSITY = 2; // canvas pixels per screen pixel

/** Draw canvases, from the ground up, for paper or again for the screen: with more pixels than a screen has, as a bitmap, and
    all in one, as each erases those below it. */
export function drawOnPaper(layers, on) {
  for (const layer of layers) {
    L.setOptions(layer, { density: on ? PRINT_DENSITY : 1, bitmap: on, with: [] });
    layer._container.hidden = on && layer !== layers.at(-1);
  }
  L.setOptions(layers.at(-1), { with: on ? layers.slice(0, -1) : [] });
  for (const layer of layers) layer.repaint();
}

/** A colour of the style sheet: the canvas follows light and dark like everything else. */
export function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
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

/** Rings and lines as they travel: lists of delta-coded whole numbers in 1/scale degrees, to world coordinates. */
export function unpackLines(lines, scale) {
  return lines.map((line) => {
    const points = new Float64Array(line.length);
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0, x = 0, y = 0; i < line.length; i += 2) {
      x += line[i];
      y += line[i + 1];
      [points[i], points[i + 1]] = project(x / scale, y / scale);
      box[0] = Math.min(box[0], points[i]);
      box[1] = Math.min(box[1], points[i + 1]);
      box[2] = Math.max(box[2], points[i]);
      box[3] = Math.max(box[3], points[i + 1]);
    }
    return { points, box };
  });
}

const BROAD = 3; // pixels by which a line may reach beyond its points

/** Trace lines into a path: what can be seen of them, and no two points closer than a pixel; whether there is anything. */
export function trace(context, lines, { scale, x, y, frame }) {
  const left = (x + frame[0] - BROAD) / scale;
  const top = (y + frame[1] - BROAD) / scale;
  const right = (x + frame[2] + BROAD) / scale;
  const bottom = (y + frame[3] + BROAD) / scale;
  let any = false;
  for (const { points, box } of lines) {
    if (box[0] > right || box[2] < left || box[1] > bottom || box[3] < top) continue;
    if ((box[2] - box[0] + box[3] - box[1]) * scale < 1) continue;
    any = true;
    let lastX = points[0] * scale - x;
    let lastY = points[1] * scale - y;
    context.moveTo(lastX, lastY);
    for (let i = 2; i < points.length; i += 2) {
      const px = points[i] * scale - x;
      const py = points[i + 1] * scale - y;
      if (Math.abs(px - lastX) + Math.abs(py - lastY) < 1 && i < points.length - 2) continue;
      context.lineTo(px, py);
      lastX = px;
      lastY = py;
    }
  }
  return any;
}
