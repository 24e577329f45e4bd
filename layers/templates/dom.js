/* Building the page. Texts become text nodes, never markup: nothing in this program parses HTML. */
import { arabic, number, t } from "./i18n.js";

export const $ = (id) => document.getElementById(id);

/** An element with attributes, listeners ("onclick") and children (nodes or texts; null is skipped). */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") for (const [key, v] of Object.entries(value)) node.style.setProperty(key, v);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** Replace the content of a node; a control in it that had the focus has it again, by its data-key. */
export function refill(node, ...children) {
  const key = node.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  node.replaceChildren(...children);
  if (key) focusKey(key, node);
}

export function focusKey(key, root = document) {
  root.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

/** A text of the data: isolated, so that its direction and marks touch nothing around it. */
export function bdi(text) {
  return el("bdi", { dir: "auto" }, text);
}

/** A text that is English in every language of the page, names in other scripts among it; others are isolated alone. */
export function english(text) {
  return /[a-z]/i.test(text) ? el("bdi", { lang: "en", dir: "ltr" }, text) : bdi(text);
}

/** Figures read from left to right in every language. */
export function figure(text) {
  return el("bdi", { dir: "ltr", class: "figure" }, text);
}

/** Words with nodes in their {slots}; each slot is a function that makes its node. */
export function phrase(key, slots) {
  const parts = t(key).split(/\{(\w+)\}/);
  return parts.map((part, i) => (i % 2 ? slots[part]() : part));
}

/** "105–141", "40", "at least 40", "up to 30" or the word for unknown; a bound that nobody gives is null. */
export function range(low, high) {
  if (low === null && high === null) return el("span", { class: "unknown" }, t("unknown"));
  if (low === null) return el("span", {}, ...phrase("upTo", { n: () => figure(number(high)) }));
  if (high === null) return el("span", {}, ...phrase("atLeast", { n: () => figure(number(low)) }));
  return figure(span(low, high));
}

/** The range of a sum {low, high, open}: "4–7 or more" where a maximum in it is unknown. */
export function sumRange({ low, high, open }) {
  if (!open || low === null || high === null || low === high) return range(low, open ? null : high);
  return el("span", {}, ...phrase("orMore", { range: () => figure(span(low, high)) }));
}

/** A sum {low, high, open, unknown} of some incidents: its range, and in how many of them nothing is known. */
export function tellSum(sum, incidents) {
  const isPart = sum.unknown > 0 && sum.unknown < incidents;
  const slots = { n: number(sum.unknown), all: number(incidents) };
  return isPart ? [sumRange(sum), el("small", {}, t("unknownAmong", slots))] : [sumRange(sum)];
}

/** Nodes or texts with something between them, by itself a comma. */
export function interleave(parts, between = arabic ? "، " : ", ") {
  return parts.flatMap((part, i) => (i ? [between, part] : [part]));
}

/** Two numbers as one text: "105–141", or "40" when they are the same. */
export function span(low, high) {
  return low === high ? number(low) : `${number(low)}–${number(high)}`;
}

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g; // marks of direction

/** A link when the address is one of the web, else its words: nothing else may become a link. Marks of direction are shown
    as the browser asks for them, so that no address is read as another. */
export function source(address, words = null) {
  if (!/^https?:\/\/[^\s]+$/i.test(address)) return bdi(words ?? address);
  const spelt = address.replace(TURNS, encodeURIComponent);
  const shown = words ?? spelt.replace(/^https?:\/\/(www\.)?/i, "");
  return el("a", { href: spelt, target: "_blank", rel: "noopener noreferrer", title: spelt }, bdi(shown));
}

/** Fill the words of the page's own markup. */
export function translate(root) {
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
  for (const node of root.querySelectorAll("[data-hint]")) node.setAttribute("placeholder", t(node.dataset.hint));
}

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
