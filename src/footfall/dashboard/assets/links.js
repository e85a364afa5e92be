/**
 * Links that lead out of the dashboard. Strangers choose the names of referrers and missing pages, so only what is a host name of
 * the DNS becomes a link, by https and to that host alone; the site that it leads to learns neither this address nor the window.
 */

import { draw, make, printable } from "./dom.js";

const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const HOST = new RegExp(`^(?=.{4,253}$)(${LABEL}\\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})$`, "i");

/** The address of a page of a site, or of the site itself; null where `host` is no host name, as a bucket's often is not. */
export function addressOf(host, page = "/") {
  if (!HOST.test(host)) return null;
  const path = page === "/" ? "" : page.replace(/^%23/, "#"); // pages that begin with # are stored so
  return `https://${host.toLowerCase()}/${path.toWellFormed().split("/").map(encodeURIComponent).join("/")}`;
}

/** A small arrow that opens `address` in a tab of its own; null where there is none. */
export function linkOut(address, name) {
  if (!address) return null;
  const arrow = draw("path", { d: "M4 2h6v6M10 2 2.500 9.500" });
  return make(
    "a",
    {
      class: "out",
      href: address,
      target: "_blank",
      rel: "noopener noreferrer",
      "aria-label": `Open ${printable(name)} in a new tab`,
      title: address,
    },
    draw("svg", { viewBox: "0 0 12 12", "aria-hidden": "true", focusable: "false" }, arrow),
  );
}
