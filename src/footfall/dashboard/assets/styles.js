/** How the page looks: which theme, and retries of style sheets that could not be loaded, as when too many requests were sent at once. */

import { pauseAfter } from "./again.js";

/** Choose `light` or `dark`; null is as the browser prefers. */
export function setTheme(theme) {
  if (theme) document.documentElement.classList.add(theme);
}

export function loadStyleSheets() {
  for (const link of document.querySelectorAll("link[rel=stylesheet]")) {
    if (!link.sheet?.cssRules.length) loadLater(link, 0); // browsers make an empty one of a refusal
  }
}

function loadLater(link, tries) {
  const other = link.cloneNode();
  other.href = `${link.href.split("?")[0]}?again=${tries + 1}`; // the browser does not ask for the same address twice
  other.addEventListener("error", () => loadLater(other, tries + 1));
  setTimeout(() => link.replaceWith(other), pauseAfter(tries));
}
