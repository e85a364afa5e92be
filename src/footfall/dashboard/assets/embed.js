/**
 * The view for frames on other sites, served at `/embed`: the numbers, with as little as possible around them. Nobody sees its URL,
 * and the back button belongs to the surrounding page.
 */

import { byId, make } from "./dom.js";

export const isEmbedded = document.documentElement.classList.contains("embedded");

// Statuses and probes only concern those who run the site.
const LEFT_OUT = ["errors"];

/** Whether a panel is shown here. */
export const isShown = (panel) => !(isEmbedded && LEFT_OUT.includes(panel));

/** Puts a link to the whole dashboard into the head, and reports the height to the surrounding page; returns the link. */
export function embed() {
  const link = make("a", { id: "whole", class: "plain", href: "./", target: "_blank", rel: "noopener noreferrer" }, "Whole dashboard");
  byId("freshness").parentElement.after(link);
  if (parent !== window) new ResizeObserver(tellHeight).observe(document.body);
  return link;
}

/** The height is not a secret, and only pages of the setting `embed_origins` can embed this one. */
function tellHeight() {
  parent.postMessage({ type: "footfall", height: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
}
