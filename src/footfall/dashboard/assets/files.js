/** Answers to keep. A link cannot send the token, so they are fetched first and then kept. */

import * as api from "./api.js";
import { make } from "./dom.js";

const MOST_ROWS = 10_000; // which is as many as the API gives at once
const KEPT = 10_000; // milliseconds that the browser has for writing it

/** Keep an answer as a file; `kind` is csv or json. */
export async function keepFile(name, path, { series, ...asked }, kind) {
  const limit = path === "stats/history" ? null : MOST_ROWS;
  const content = await api.getFile(path, { ...asked, limit }, kind);
  const address = URL.createObjectURL(content);
  make("a", { href: address, download: `footfall-${name}-${asked.start}-${asked.end}.${kind}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT);
}
