/**
 * What is shown. It is kept in the page's URL, so that a view can be shared and the back button works; defaults are left
 * out.
 */

import { USUAL } from "./measures.js";
import { DEFAULT, INTERVALS, isDay } from "./periods.js";
import { fragment, sharedPrefix } from "./share.js";

const THEMES = ["light", "dark"]; // default: the browser's preference

/** The state in a URL: `?period=7d&page=about`. Invalid values are ignored. */
export function read(search) {
  const asked = new URLSearchParams(search);
  const [start, end] = [asked.get("start"), asked.get("end")];
  const isCustom = isDay(start) && isDay(end) && start <= end;
  return {
    site: asked.get("site"),
    period: isCustom ? null : (asked.get("period") ?? DEFAULT),
    start: isCustom ? start : null,
    end: isCustom ? end : null,
    by: INTERVALS.includes(asked.get("by")) ? asked.get("by") : null,
    measure: asked.get("measure") ?? USUAL,
    compare: asked.get("compare") !== "no",
    prefix: asked.get("page") === null ? asked.get("prefix") || sharedPrefix() : "",
    page: asked.get("page"),
    filters: asked.getAll("filter").filter((each) => /^[a-z_]+=./s.test(each)),
    theme: THEMES.find((name) => name === asked.get("theme")) ?? null,
    tabs: asked.getAll("tab").filter((each) => /^[a-z_]+$/.test(each)),
  };
}

/** The URL of a state, relative to the page's own. */
export function write(state) {
  const said = new URLSearchParams();
  if (state.site) said.set("site", state.site);
  if (state.period && state.period !== DEFAULT) said.set("period", state.period);
  if (!state.period && state.start) said.set("start", state.start);
  if (!state.period && state.end) said.set("end", state.end);
  if (state.by) said.set("by", state.by);
  if (state.measure !== USUAL) said.set("measure", state.measure);
  if (!state.compare) said.set("compare", "no");
  if (state.prefix && state.prefix !== sharedPrefix()) said.set("prefix", state.prefix);
  if (state.page !== null) said.set("page", state.page);
  for (const filter of state.filters) said.append("filter", filter);
  if (state.theme) said.set("theme", state.theme);
  for (const tab of state.tabs) said.append("tab", tab);
  return `?${said}`;
}

/** The same for a page that may be in a frame, where the token stays in the URL. */
export const addressOf = (state) => write(state) + fragment();

/** The same state with changes. Choosing a period resets the other way to choose one, and the interval. */
export function changed(state, changes) {
  const isPeriod = "period" in changes || "start" in changes;
  return { ...state, ...(isPeriod ? { period: null, start: null, end: null, by: null } : {}), ...changes };
}
