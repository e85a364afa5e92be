/**
 * Links that lead out of the dashboard. Strangers choose the names of referrers and missing pages, so only valid host names become
 * links, with https and only to that host; the target site gets neither this URL nor access to this window.
 */

import { draw, make, printable } from "./dom.js";

const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const HOST = new RegExp(`^(?=.{4,253}$)(${LABEL}\\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})$`, "i");

/** The URL of a page of a site, or of the site itself; null if `host` is not a host name, as is often the case for buckets. */
export function addressOf(host, page = "/") {
  if (!HOST.test(host)) return null;
  const path = page === "/" ? "" : page.replace(/^%23/, "#"); // this is how pages that begin with # are stored
  return `https://${host.toLowerCase()}/${path.toWellFormed().split("/").map(encodeURIComponent).join("/")}`;
}

/** A small arrow that opens `address` in a new tab; null if there is no address. */
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
