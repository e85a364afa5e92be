/**
 * The state, resolved with the list of sites and today's date: the site, the days, the graph's intervals. Every part of the
 * page uses it for its questions.
 */

import { isOfRequests } from "./filters.js";
import { intervalsOf, measureOf } from "./measures.js";
import * as periods from "./periods.js";
import { sharedPrefix } from "./share.js";

/** `sites` and `dimensions` are the API's answers; the state's own fields are unchanged. */
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
  const suitable = suited.fitting.filter((name) => name !== "hour" || !(state.prefix || isOfRequests({ ...state, dimensions }))); // hours are not counted for these
  const measure = measureOf(state, dimensions, suitable);
  const intervals = intervalsOf(measure, suitable);
  const best = intervals.includes(suited.best) ? suited.best : (intervals[0] ?? "day");
  const interval = intervals.includes(state.by) ? state.by : best;
  return {
    ...state,
    ...chosen,
    site: site.site,
    dimensions,
    combinesFilters: combinesFilters && sharedPrefix() === "", // a token for some pages does not allow filters
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
    isEmpty, // none of its days has logs
    isCompared: state.compare && !isAll && !isEmpty && before[1] >= firstDay, // there are logs before it
  };
}

/** The parameters of every question. */
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
  const fewest = Math.min(...divisors); // so that both stay counts, for the days of the shorter period
  const compare = (now, before) => [(now * fewest) / divisors[0], (before * fewest) / divisors[1]];
  return { isPartial, isTooEarly, compare };
}

/** The selected pages, and the filters on their views. */
export const ofPages = ({ page, prefix, filters }) => ({ page, prefix, filter: filters });

/** The interval of the rows' series: hours of pages are not counted. */
export const intervalOfSeries = ({ interval }) => (interval === "hour" ? "day" : interval);

/** How far the counts of an answer reach, in the form of a label; `fallback` if nothing was counted. */
export function reachOf({ complete_until: complete }, { zone }, fallback) {
  return complete ? periods.localTime(new Date(complete), zone) : fallback;
}
