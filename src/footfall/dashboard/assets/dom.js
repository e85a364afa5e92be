/**
 * Elements are made by calls, never from text that is parsed: strangers choose the names of referrers, bots and missing
 * pages, and whatever they write is shown as they wrote it.
 */

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes (a function listens, false and null leave one out) and children: nodes or text. */
export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same of SVG. */
export function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

export const byId = (id) => document.getElementById(id);

/** A stranger's text: it neither turns what stands beside it around, nor hides what it is made of. */
export function named(text) {
  return make("bdi", { title: printable(text) }, printable(text));
}

/** The same of a path: where there is no room for all of it, its folders give way before its own name does. */
export function namedPath(path) {
  const cut = path.length > 1 ? path.lastIndexOf("/", path.length - 2) + 1 : 0; // the root is all name
  const [folders, name] = [path.slice(0, cut), path.slice(cut)].map((text) => printable(text));
  return make(
    "bdi",
    { class: "path", title: folders + name },
    folders && make("span", { class: "folders" }, folders),
    make("span", { class: "name" }, name),
  );
}

// Control characters, and those that turn the direction of writing.
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** `text` with what cannot be seen written out, as the command line does: `\u202e`. */
export function printable(text) {
  return text.replace(UNSEEN, (letter) => `\\u${letter.codePointAt(0).toString(16).padStart(4, "0")}`);
}
