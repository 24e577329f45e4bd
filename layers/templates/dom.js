/* Building the page. Texts become text nodes, never markup: nothing in this program parses HTML. */
import { t } from "./i18n.js";

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

/** A text of the data: isolated, so that its direction and marks touch nothing around it. */
export function bdi(text) {
  return el("bdi", { dir: "auto" }, text);
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

export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A link when the text is a web address, else the text itself: nothing else may become an address. */
export function source(text) {
  if (!/^https?:\/\/[^\s]+$/i.test(text)) return bdi(text);
  let shown = text.replace(/^https?:\/\/(www\.)?/i, "");
  return el("a", { href: text, target: "_blank", rel: "noopener noreferrer", title: text }, bdi(shown));
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
