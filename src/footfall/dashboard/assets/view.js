/**
 * What the state comes to, once it is known which sites there are and what day it is there: the site, the days, how the graph
 * cuts them. Every part of the page asks by it.
 */

import { isOfRequests } from "./filters.js";
import { intervalsOf, measureOf } from "./measures.js";
import * as periods from "./periods.js";
import { sharedPrefix } from "./share.js";

/** `sites` and `dimensions` are what the API says of them; the state's own fields stay as they are. */
export function viewOf(state, { sites, time_zone }, { dimensions, combines_filters: combinesFilters }) {
  const zone = time_zone ?? "UTC";
  const today = periods.todayIn(zone);
  const site = sites.find(({ site: name }) => name === state.site) ?? sites[0];
  const isAll = state.period === "all";
  const { first_day: firstDay, last_day: lastDay } = site;
  const chosen = periods.chosenOf(state, site, today);
  const [start, end] = isAll ? [firstDay ?? today, lastDay ?? today] : periods.daysOf(chosen, today);
  const before = periods.before(start, end);
  const isEmpty = !firstDay || end < firstDay || start > lastDay;
  const days = periods.countDays(start, end);
  const suited = periods.intervalsFor(days);
  const suitable = suited.fitting.filter((name) => name !== "hour" || !(state.prefix || isOfRequests({ ...state, dimensions }))); // of these no hours are counted
  const measure = measureOf(state, dimensions, suitable);
  const intervals = intervalsOf(measure, suitable);
  const best = intervals.includes(suited.best) ? suited.best : (intervals[0] ?? "day");
  const interval = intervals.includes(state.by) ? state.by : best;
  return {
    ...state,
    ...chosen,
    site: site.site,
    dimensions,
    combinesFilters: combinesFilters && sharedPrefix() === "", // a token for some pages is for no filter
    start,
    end,
    days,
    before,
    measure,
    today,
    zone,
    suitable,
    intervals,
    interval,
    isAll,
    firstDay,
    lastDay,
    isEmpty, // there are no logs of any of its days
    isCompared: state.compare && !isAll && !isEmpty && before[1] >= firstDay, // there is something before it
  };
}

/** What every question says. */
export const common = ({ site, start, end }) => ({ site, start, end });

export const compared = ({ isCompared }) => ({ compare: isCompared ? "weekdays" : null });

const FEWEST_DAYS = 2; // whole ones beside one that is not over

/**
 * How numbers of an answer are compared with those before, [now, before]: as they are; by the day with logs where either
 * period has days without, as the one before the first log, or one that is not over, which counts as the part that the logs
 * cover. It `isTooEarly` where that part weighs too much: nights are quiet, and the period would always seem to have lost.
 * The command line has the same rules.
 */
export function comparisonOf(answer) {
  const { previous, covered_days: covered } = answer;
  const daysOf = (each) => each.covered_days ?? each.logged_days;
  const isWhole = (each) => daysOf(each) >= periods.countDays(each.query.start, each.query.end);
  const isTooEarly = covered !== undefined && answer.logged_days - 1 < FEWEST_DAYS;
  const isPartial = !isWhole(answer) || !isWhole(previous);
  const divisors = isPartial ? [daysOf(answer) || 1, daysOf(previous) || 1] : [1, 1];
  const fewest = Math.min(...divisors); // so that both stay counts, as of the days that the shorter has
  const compare = (now, before) => [(now * fewest) / divisors[0], (before * fewest) / divisors[1]];
  return { isPartial, isTooEarly, compare };
}

/** Which pages are asked about, and what is chosen among their views. */
export const ofPages = ({ page, prefix, filters }) => ({ page, prefix, filter: filters });

/** The interval of the rows' series: no page's hours are counted. */
export const intervalOfSeries = ({ interval }) => (interval === "hour" ? "day" : interval);

/** How far the counts of an answer reach, as labels are written; `fallback` where nothing was counted. */
export function reachOf({ complete_until: complete }, { zone }, fallback) {
  return complete ? periods.localTime(new Date(complete), zone) : fallback;
}
