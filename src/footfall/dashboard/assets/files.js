/** Downloads of answers. A link cannot send the token, so they are fetched first and then saved. */

import * as api from "./api.js";
import { make } from "./dom.js";
import { hideNotice, notify } from "./notice.js";

const MOST_ROWS = 10_000; // as many as the API returns at once
const KEPT = 10_000; // milliseconds for the browser to write it

/** Buttons that download a panel's numbers; `ask` returns the path and the question. */
export function files(name, title, ask) {
  const button = (kind) => {
    const keep = () => keepFile(name, ...ask(), kind.toLowerCase(), keep);
    return make("button", { type: "button", class: "plain file", "aria-label": `${title} as ${kind}`, click: keep }, kind);
  };
  return make("div", { class: "files" }, button("CSV"), button("JSON"));
}

async function keepFile(name, path, { series, ...asked }, kind, retry) {
  const limit = path === "stats/history" ? null : MOST_ROWS;
  try {
    const address = URL.createObjectURL(await api.getFile(path, { ...asked, limit }, kind));
    make("a", { href: address, download: `footfall-${name}-${asked.start}-${asked.end}.${kind}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), KEPT);
  } catch (error) {
    notify(`The file was not read: ${error.message}.`, { button: "Try again", act: () => (hideNotice(), retry()) });
  }
}
