/** What can be counted and drawn over a period: MEASURES says when each has daily or hourly numbers. */

import { isOfRequests } from "./filters.js";
import { sharedPrefix } from "./share.js";

export const USUAL = "views"; // the default, which URLs omit

/** Each with the heading of its graph, its noun, and whether it is known for a view; `isHourly` if also for hours. */
export const MEASURES = {
  visitors: { title: "Visitors over time", noun: ["visitor", "visitors"], isKnown: isOfSite },
  views: { title: "Views over time", noun: ["view", "views"], isKnown: () => true, isHourly: true },
  arrivals: { title: "Arrivals over time", noun: ["arrival", "arrivals"], isKnown: (view) => !isOfRequests(view) },
  bots: { title: "Bots over time", noun: ["page read by a bot", "pages read by bots"], isKnown: isOfSite },
};
const REQUESTS = { title: "Requests over time", noun: ["request", "requests"] };

/** Measures that are only counted for the whole site: not for some pages, nor with a filter. */
function isOfSite({ page, prefix, filters }) {
  return page === null && prefix === "" && !filters.length && sharedPrefix() === "";
}

/** The measure to draw: the state's, if that is known for these pages and a suitable interval; else views. */
export function measureOf(state, dimensions, suitable) {
  const { measure } = state;
  return canDraw({ ...state, dimensions, suitable }, measure) ? measure : USUAL;
}

/** Whether a measure is known over time. */
export function canDraw(view, measure) {
  const row = Object.hasOwn(MEASURES, measure) ? MEASURES[measure] : null;
  return !!row?.isKnown(view) && (row.isHourly || view.suitable.some((name) => name !== "hour"));
}

/** The intervals for which it is known. */
export const intervalsOf = (measure, intervals) => intervals.filter((name) => name !== "hour" || MEASURES[measure].isHourly);

/** The title and the noun of what the graph shows. */
export const drawn = (view) => (isOfRequests(view) ? REQUESTS : MEASURES[view.measure]);

/** The parameter for a question; none for the default, which may mean requests. */
export const asked = ({ measure }) => (measure === USUAL ? null : measure);
