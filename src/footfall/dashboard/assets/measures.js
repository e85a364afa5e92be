/** What can be counted of a period, and drawn: MEASURES says of each when there is a number of each day or hour. */

import { isOfRequests } from "./filters.js";
import { sharedPrefix } from "./share.js";

export const USUAL = "views"; // what no address says

/** Each with the heading of its graph, its noun, and whether it is known of a view, `isHourly` whether of hours too. */
export const MEASURES = {
  visitors: { title: "Visitors over time", noun: ["visitor", "visitors"], isKnown: isOfSite },
  views: { title: "Views over time", noun: ["view", "views"], isKnown: () => true, isHourly: true },
  arrivals: { title: "Arrivals over time", noun: ["arrival", "arrivals"], isKnown: (view) => !isOfRequests(view) },
  bots: { title: "Bots over time", noun: ["page read by a bot", "pages read by bots"], isKnown: isOfSite },
};
const REQUESTS = { title: "Requests over time", noun: ["request", "requests"] };

/** What is counted of the whole site alone: not of some pages, nor of what a filter chooses. */
function isOfSite({ page, prefix, filters }) {
  return page === null && prefix === "" && !filters.length && sharedPrefix() === "";
}

/** The measure that is drawn: the state's, where that is known of these pages and of an interval that suits; else views. */
export function measureOf(state, dimensions, suitable) {
  const { measure } = state;
  return canDraw({ ...state, dimensions, suitable }, measure) ? measure : USUAL;
}

/** Whether a measure is known over time. */
export function canDraw(view, measure) {
  const row = Object.hasOwn(MEASURES, measure) ? MEASURES[measure] : null;
  return !!row?.isKnown(view) && (row.isHourly || view.suitable.some((name) => name !== "hour"));
}

/** The intervals by which it is known. */
export const intervalsOf = (measure, intervals) => intervals.filter((name) => name !== "hour" || MEASURES[measure].isHourly);

/** The title and the noun of what the graph shows. */
export const drawn = (view) => (isOfRequests(view) ? REQUESTS : MEASURES[view.measure]);

/** What a question says of it; what is usual needs no word, and may mean requests. */
export const asked = ({ measure }) => (measure === USUAL ? null : measure);
