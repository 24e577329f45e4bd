/* A Leaflet layer that is one canvas: it pans and zooms with the map and is painted anew when the map comes to rest. */
/* global L */

const PADDING = 0.1; // painted beyond each edge, as a share of the map, so that a short drag shows no gap

export const CanvasLayer = L.Renderer.extend({
  /* A canvas that is painted while printing is printed as its strokes, and Chromium then lets the clearing of one canvas
  erase those below it: for print, the picture is painted elsewhere and handed over as a bitmap. */
  options: { padding: PADDING, density: 1, bitmap: false },

  /** `paint(context, view)` draws everything; `view` turns world coordinates (0 to 1) into canvas pixels. */
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
    const shown = [scale, x, y, width, height].join(" ");
    if (shown !== this._shown) this.repaint(); // Leaflet says twice that it has moved
    this._shown = shown;
  },

  /** Paint what is there now; the layer calls it after every move. */
  repaint() {
    if (!this._map) return;
    const size = this._bounds.getSize();
    const density = Math.max(1, window.devicePixelRatio || 1) * this.options.density;
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
    this._paint(context, this.view());
    if (brush !== canvas) canvas.getContext("2d").drawImage(brush, 0, 0);
  },

  view() {
    const origin = this._map.getPixelOrigin().add(this._bounds.min);
    const zoom = this._map.getZoom();
    const size = this._bounds.getSize();
    return { scale: 256 * 2 ** zoom, x: origin.x, y: origin.y, width: size.x, height: size.y, zoom, inset: this._inset() };
  },

  /** Where the visible map lies on the canvas: what is in view is judged by it, not by the padding. */
  _inset() {
    const min = this._map.containerPointToLayerPoint([0, 0]).subtract(this._bounds.min);
    const size = this._map.getSize();
    return { left: min.x, top: min.y, right: min.x + size.x, bottom: min.y + size.y };
  },
});

/** A colour of the style sheet: the canvas follows light and dark like everything else. */
export function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Rings and lines as they travel: lists of delta-coded whole numbers in 1/scale degrees, to world coordinates. */
export function unpackLines(lines, scale, project) {
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

/** Trace lines into the context's path: what can be seen of them, and no two points closer than a pixel. */
export function trace(context, lines, { scale, x, y, width, height }) {
  const left = x / scale;
  const top = y / scale;
  const right = (x + width) / scale;
  const bottom = (y + height) / scale;
  for (const { points, box } of lines) {
    if (box[0] > right || box[2] < left || box[1] > bottom || box[3] < top) continue;
    if ((box[2] - box[0] + box[3] - box[1]) * scale < 1) continue;
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
}
