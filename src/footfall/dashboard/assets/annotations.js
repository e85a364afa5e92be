/**
 * Annotations: the owner's notes of what happened on a day. Each is a mark above the graph, and a button, so that its text can also
 * be reached by key and by touch; marks that would be too close together are joined.
 */

import * as api from "./api.js";
import { make, printable } from "./dom.js";
import * as format from "./format.js";

const CLOSEST = 26; // pixels between two marks: as wide as one, so that it can be tapped

/** The annotations of the days shown; none if they cannot be read, as with a token for some pages only. */
export async function askForAnnotations({ site, start, end }, signal) {
  try {
    return (await api.get("annotations", { site, start, end }, signal, true)).annotations;
  } catch (error) {
    signal?.throwIfAborted();
    if (error.isTemporary) throw error; // they are retried together with the graph
    return [];
  }
}

/** The annotations of each label of a graph: those of the days from it to the next. */
export function annotationsOf(annotations, labels) {
  const found = labels.map(() => []);
  for (const each of annotations) {
    const number = labels.findLastIndex((label) => label <= `${each.day}T00:00`);
    found[Math.max(0, number)]?.push(each);
  }
  return found;
}

/** The text of an annotation, with its day. */
export const told = ({ day, text }) => `${format.label(day, "day")}: ${printable(text)}`;

/** Marks in `place`, above a graph. `show(annotations of each point, where)` puts them there; `where(number)` is in pixels. */
export function makeMarks(place) {
  const list = make("ul", { class: "annotations", "aria-label": "What happened", hidden: true });
  const tip = make("div", { class: "tip marked", "aria-hidden": "true", hidden: true });
  place.prepend(list, tip);
  place.addEventListener("keydown", (event) => event.key === "Escape" && hide());

  function show(found, where) {
    hide();
    const marks = gather(found, where);
    list.hidden = !marks.length;
    list.replaceChildren(...marks.map(markOf));
  }

  function markOf({ at, annotations }) {
    const text = annotations.map(told).join("\n");
    const open = () => openTip(at, annotations);
    const named = { type: "button", "aria-label": text, title: text };
    const mark = make("button", { ...named, mouseenter: open, focus: open, click: open, mouseleave: hide, blur: hide });
    const item = make("li", {}, mark);
    item.style.left = `${at}px`;
    return item;
  }

  function openTip(at, annotations) {
    const line = (each) => make("p", {}, make("b", {}, printable(each.text)), make("span", {}, format.label(each.day, "day")));
    tip.replaceChildren(...annotations.map(line));
    tip.hidden = false;
    const room = Math.max(0, place.clientWidth - tip.offsetWidth);
    tip.style.left = `${Math.min(room, Math.max(0, at - tip.offsetWidth / 2))}px`;
  }

  function hide() {
    tip.hidden = true;
  }

  return { show };
}

/** The positions of marks, each with its annotations: those closer than CLOSEST to the one before are joined with it. */
function gather(found, where) {
  const marks = [];
  found.forEach((annotations, number) => {
    if (!annotations.length) return;
    const at = where(number);
    const before = marks.at(-1);
    if (before && at - before.at < CLOSEST) before.annotations.push(...annotations);
    else marks.push({ at, annotations: [...annotations] });
  });
  return marks;
}
