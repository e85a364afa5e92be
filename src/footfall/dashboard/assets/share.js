/**
 * The token that this browser has: for the tab, or for the device where its owner wants that.
 *
 * A shared address ends in `#token=...`, which browsers send to no server; it is taken out of the address at once. In a frame of
 * another site, where nobody sees the address, it stays there, and is the only token: what its owner sees is what all others see.
 * A token may be for pages that begin in one way alone, and says so at its end.
 */

import { isEmbedded } from "./embed.js";
import { ofDevice, ofTab } from "./storage.js";

const TOKEN = "footfall-token"; // its name in the browser's storage
let addressed = null; // the token of a frame's address

export const getToken = () => (isEmbedded ? addressed : (ofTab.getItem(TOKEN) ?? ofDevice.getItem(TOKEN)));

/** Keep a token; one for the tab leaves the device's own where it is. */
export function keepToken(token, isForDevice = false) {
  if (isForDevice) forgetToken();
  (isForDevice ? ofDevice : ofTab).setItem(TOKEN, token);
}

export function forgetToken() {
  ofTab.removeItem(TOKEN);
  ofDevice.removeItem(TOKEN);
}

/** What an address of a frame ends in, so that its token comes along. */
export const fragment = () => (addressed === null ? "" : `#token=${addressed}`);

/** Take a token that the address brings along, and clean the address unless it is a frame's; whether there was one. */
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

/** What all pages begin with that the token is for; "" for any. */
export function sharedPrefix() {
  const encoded = getToken()?.split(".")[1];
  if (!encoded) return "";
  try {
    const letters = atob(encoded.replaceAll("-", "+").replaceAll("_", "/"));
    return new TextDecoder().decode(Uint8Array.from(letters, (letter) => letter.charCodeAt(0))).replace(/^\//, "");
  } catch {
    return ""; // no token of footfall's, which the server will say
  }
}
