/**
 * The browser's token: for the tab, or for the device if the user wants that.
 *
 * A shared URL ends in `#token=...`, which browsers do not send to servers; it is removed from the URL at once. In a frame on
 * another site, where nobody sees the URL, it stays there, and is the only token: so the owner sees the same as everyone else. A
 * token may be limited to pages with a prefix, which is at its end.
 */

import { isEmbedded } from "./embed.js";
import { ofDevice, ofTab } from "./storage.js";

const TOKEN = "footfall-token"; // its name in the browser's storage
let addressed = null; // the token in a frame's URL

export const getToken = () => (isEmbedded ? addressed : (ofTab.getItem(TOKEN) ?? ofDevice.getItem(TOKEN)));

/** Keep a token; one for the tab does not replace the device's. */
export function keepToken(token, isForDevice = false) {
  if (isForDevice) forgetToken();
  (isForDevice ? ofDevice : ofTab).setItem(TOKEN, token);
}

export function forgetToken() {
  ofTab.removeItem(TOKEN);
  ofDevice.removeItem(TOKEN);
}

/** The end of a frame's URL, which keeps its token. */
export const fragment = () => (addressed === null ? "" : `#token=${addressed}`);

/** Take the token from the URL, and remove it there except in a frame; returns whether there was one. */
export function takeToken() {
  const [, token] = location.hash.match(/^#token=([\w.-]+)$/) ?? [];
  if (!token) return false;
  if (isEmbedded) {
    addressed = token;
    return true;
  }
  keepToken(token);
  history.replaceState(null, "", location.pathname + location.search);
  return true;
}

/** The prefix of the pages that the token is for; "" for all. */
export function sharedPrefix() {
  const encoded = getToken()?.split(".")[1];
  if (!encoded) return "";
  try {
    const letters = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder().decode(Uint8Array.from(letters, (letter) => letter.charCodeAt(0))).replace(/^\//, "");
  } catch {
    return ""; // not one of footfall's tokens; the server will say so
  }
}
