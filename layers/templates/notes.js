/* Findings on the map: the area that a source states something about without a number, dotted, with a sheet as its sign. */
import { column, hasColumn } from "./data.js";
import { color, trace, unpackLines } from "./canvas.js";

const NOTE_SIZE = 9; // half the width of a note's sign, in pixels
export let findings = [];
let reading = null; // the finding being read

export async function loadFindings() {
  if (!hasColumn("findings")) return;
  const { scale, findings: stated } = await column("findings");
  findings = stated.map((finding) => (finding.rings ? { ...finding, ...outlineOf(finding.rings, scale) } : finding));
}

/** Outline and the spot of its sign, the northernmost point: marks within the area stay free. */
function outlineOf(rings, scale) {
  const lines = unpackLines(rings, scale);
  let spot = [0, Infinity];
  for (const { points } of lines) {
    for (let i = 0; i < points.length; i += 2) if (points[i + 1] < spot[1]) spot = [points[i], points[i + 1]];
  }
  return { lines, spot };
}

/** Outline the areas in ink, dotted, each with its sign. */
export function paintFindings(context, view) {
  const ink = color("ink");
  for (const finding of findings) {
    if (!finding.lines) continue;
    context.beginPath();
    trace(context, finding.lines, view);
    context.strokeStyle = ink;
    context.lineWidth = finding === reading ? 3 : 1.6;
    context.setLineDash([1.5, 4]);
    context.stroke();
    context.setLineDash([]);
    paintSign(context, ...spotOf(finding, view), ink);
  }
}

function spotOf({ spot }, view) {
  return [spot[0] * view.scale - view.x, spot[1] * view.scale - view.y];
}

/** A sheet with lines of text. */
function paintSign(context, x, y, ink) {
  context.fillStyle = color("paper");
  context.strokeStyle = ink;
  context.lineWidth = 1.4;
  context.beginPath();
  context.rect(x - 7, y - NOTE_SIZE, 14, 2 * NOTE_SIZE);
  context.fill();
  for (const dy of [-4, 0, 4]) {
    context.moveTo(x - 4, y + dy);
    context.lineTo(x + (dy === 4 ? 1 : 4), y + dy);
  }
  context.stroke();
}

/** Draw a finding strong, or none. */
export function chooseFinding(finding) {
  reading = finding;
}

/** Where names must not stand. */
export function findingBoxes(view) {
  return findings.filter(({ lines }) => lines).map((finding) => {
    const [x, y] = spotOf(finding, view);
    return [x - NOTE_SIZE, y - NOTE_SIZE, x + NOTE_SIZE, y + NOTE_SIZE];
  });
}

/** The finding whose sign is at a pixel of the canvas, or null. */
export function findingAt(x, y, view) {
  return findings.find((finding) => finding.lines && Math.max(...spotOf(finding, view).map((at, axis) => Math.abs(at - [x, y][axis]))) <= NOTE_SIZE + 3) ?? null;
}

