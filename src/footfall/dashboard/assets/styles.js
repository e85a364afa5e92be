/** The page's theme, and retries of style sheets that could not be loaded, for example due to too many requests. */

import { pauseAfter } from "./again.js";

/** Choose `light` or `dark`; null for the browser's preference. */
export function setTheme(theme) {
  if (theme) document.documentElement.classList.add(theme);
}

export function loadStyleSheets() {
  for (const link of document.querySelectorAll("link[rel=stylesheet]")) {
    if (!link.sheet?.cssRules.length) loadLater(link, 0); // browsers make an empty sheet from a refused request
  }
}

function loadLater(link, tries) {
  const other = link.cloneNode();
  other.href = `${link.href.split("?")[0]}?again=${tries + 1}`; // the browser does not request the same URL twice
  other.addEventListener("error", () => loadLater(other, tries + 1));
  setTimeout(() => link.replaceWith(other), pauseAfter(tries));
}
