/**
 * The view for frames of other sites, which is served at `/embed`: the numbers with as little around them as may be. Nobody sees its
 * address, and a step back belongs to the page around it.
 */

import { byId, make } from "./dom.js";

export const isEmbedded = document.documentElement.classList.contains("embedded");

// Statuses and probes are matters of those who run the site.
const LEFT_OUT = ["errors"];

/** Whether a panel is shown here. */
export const isShown = (panel) => !(isEmbedded && LEFT_OUT.includes(panel));

/** Puts a link to the whole dashboard into the head, and tells the page around how high the frame has to be; the link. */
export function embed() {
  const link = make("a", { id: "whole", class: "plain", href: "./", target: "_blank", rel: "noopener noreferrer" }, "Whole dashboard");
  byId("freshness").parentElement.after(link);
  if (parent !== window) new ResizeObserver(tellHeight).observe(document.body);
  return link;
}

/** A height is no secret, and only pages of the setting `embed_origins` are around it. */
function tellHeight() {
  parent.postMessage({ type: "footfall", height: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
}
