/**
 * The token that this browser has: for the tab, or for the device where its owner wants that.
 *
 * A shared address ends in `#token=...`, which browsers send to no server; it is taken out of the address at once. A token may be
 * for pages that begin in one way alone, and says so at its end.
 */

const TOKEN = "footfall-token"; // its name in the browser's storage

export const getToken = () => sessionStorage.getItem(TOKEN) ?? localStorage.getItem(TOKEN);

/** Keep a token; one for the tab leaves the device's own where it is. */
export function keepToken(token, isForDevice = false) {
  if (isForDevice) forgetToken();
  (isForDevice ? localStorage : sessionStorage).setItem(TOKEN, token);
}

export function forgetToken() {
  sessionStorage.removeItem(TOKEN);
  localStorage.removeItem(TOKEN);
}

/** Take a token that the address brings along, and clean the address; whether there was one. */
export function takeToken() {
  const [, token] = location.hash.match(/^#token=([\w.-]+)$/) ?? [];
  if (!token) return false;
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
