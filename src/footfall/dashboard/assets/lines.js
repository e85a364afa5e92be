/** For the operator, in the foot: how many lines could not be read and, on request, what happened to all lines. */

import { make } from "./dom.js";
import * as format from "./format.js";

const EXPLAIN = "footfall explain --only unreadable FILE";

/** Shows in `foot` the lines counted in `/api/v1/status`; nothing without an answer. */
export function makeLines(foot) {
  const title = make("h2", { id: "lines-title" }, "What happened to the lines");
  const rows = make("dl", { class: "lines" });
  const more = make("div", { class: "note" });
  const close = make("div", { class: "buttons" }, make("button", { class: "plain strong" }, "Close"));
  const dialog = make("dialog", { "aria-labelledby": "lines-title" }, make("form", { method: "dialog" }, title, rows, more, close));
  document.body.append(dialog);

  function open(found) {
    rows.replaceChildren(...outcomesOf(found).map(([name, count]) => row(name, count)), row("lines in all", found.lines));
    more.replaceChildren(...notesOf(found).map((note) => make("p", {}, ...note)));
    dialog.showModal();
  }

  return function show(found) {
    if (!found) return foot.replaceChildren();
    const unreadable = `${format.number(found.unreadable)} of ${format.number(found.lines)} lines unreadable`;
    const newest = found.newest_file_ingested_at;
    const title = `${found.newest_file}, of ${format.number(found.files)}`;
    const button = make("button", { type: "button", class: "plain", click: () => open(found) }, "What happened to the lines");
    foot.replaceChildren(
      make("span", { class: found.unreadable ? "warning" : null }, unreadable),
      ...(newest ? [make("span", { title }, `last file read ${format.ago(newest)}`)] : []),
      ...(found.lines ? [button] : []),
    );
  };
}

/** Views, dropped lines by reason, and unreadable lines: together, all lines. Largest first. */
function outcomesOf({ views, dropped, unreadable }) {
  const reasons = Object.entries(dropped).filter(([, count]) => count);
  return [["views", views], ...reasons.sort((one, other) => other[1] - one[1]), ["unreadable", unreadable]];
}

function notesOf({ files_under_other_rules: others }) {
  const explain = [make("code", {}, EXPLAIN), " shows which lines of a log file these are, and why. Any other reason works in place of unreadable."];
  if (!others) return [explain];
  const files = `${format.number(others)} ${others === 1 ? "file was" : "files were"} counted under other rules; `;
  return [explain, [files, make("code", {}, "footfall recount"), " counts them by today's."]];
}

const row = (name, count) => make("div", {}, make("dt", {}, name), make("dd", {}, format.number(count)));
