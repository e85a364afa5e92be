/**
 * Elements are made by calls, never by parsing text: strangers choose the names of referrers, bots and missing pages, and
 * whatever they write is shown as they wrote it.
 */

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes (a function listens, false and null leave one out) and children: nodes or text. */
export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
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

/** A stranger's text: it cannot change the direction of text around it, nor hide characters. */
export function named(text) {
  return make("bdi", { title: printable(text) }, printable(text));
}

const LONG = 18; // letters that fit on a phone: a longer page name is split in two

/**
 * The same for a path, in two parts, the second beginning at `own`: on one line if there is room, else on two. If even that is too
 * little, the end of the first part is cut, so that the beginning and end of the whole are always visible.
 */
export function namedPath(path, own = ownNameOf(path)) {
  const cut = path.length - own > Math.max(LONG, own) ? middleOf(path, own) : own;
  const [folders, begin, end] = [path.slice(0, own), path.slice(own, cut), path.slice(cut)].map((text) => printable(text));
  const first = make("span", { class: "begin" }, folders && make("span", { class: "folders" }, folders), begin);
  return make("bdi", { class: "path", title: folders + begin + end }, cut > 0 && first, make("span", { class: "end" }, end));
}

/** The index at which a page's own name begins, after its folders; 0 for the root. */
function ownNameOf(path) {
  return path.length > 1 ? path.lastIndexOf("/", path.length - 2) + 1 : 0;
}

/** Where to split a long name, which begins at `own`: after the word separator closest to the middle of the path. */
function middleOf(path, own) {
  const middle = Math.floor(path.length / 2);
  const [before, after] = [path.slice(own, middle).search(/[-_. ][^-_. ]*$/), path.slice(middle).search(/[-_. ]/)];
  if (before >= 0 && (after < 0 || middle - own - before <= after)) return own + before + 1;
  if (after >= 0 && middle + after + 1 < path.length) return middle + after + 1;
  return /[\udc00-\udfff]/.test(path[middle]) ? middle + 1 : middle; // do not split a surrogate pair
}

// Control characters, and those that change the direction of text.
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** `text` with invisible characters written out, as on the command line: `\u202e`. */
export function printable(text) {
  return text.replace(UNSEEN, (letter) => `\\u${letter.codePointAt(0).toString(16).padStart(4, "0")}`);
}
