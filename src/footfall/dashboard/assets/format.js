/** Numbers and dates in the browser's locale. Days are not moments, so they are formatted in UTC. */

import { timeOf } from "./periods.js";

const LOCALES = navigator.languages?.length ? [...navigator.languages] : undefined;

const numbers = new Intl.NumberFormat(LOCALES);
const short = new Intl.NumberFormat(LOCALES, { notation: "compact", maximumFractionDigits: 1 });
const oneDigit = new Intl.NumberFormat(LOCALES, { maximumFractionDigits: 1 });
const shares = new Intl.NumberFormat(LOCALES, { style: "percent", maximumFractionDigits: 1 });
const wholeShares = new Intl.NumberFormat(LOCALES, { style: "percent", maximumFractionDigits: 0 });
const changes = new Intl.NumberFormat(LOCALES, { style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" });
const agos = new Intl.RelativeTimeFormat(LOCALES, { numeric: "auto" });

const dates = (asked) => new Intl.DateTimeFormat(LOCALES, { timeZone: "UTC", ...asked });
const range = dates({ day: "numeric", month: "short", year: "numeric" });
const labels = {
  hour: dates({ weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" }),
  day: dates({ weekday: "short", day: "numeric", month: "short", year: "numeric" }),
  month: dates({ month: "long", year: "numeric" }),
};
const ticks = {
  hour: dates({ hour: "numeric", minute: "2-digit" }),
  day: dates({ day: "numeric", month: "short" }),
  month: dates({ month: "short" }),
  year: dates({ year: "numeric" }),
};

export const number = (value) => numbers.format(value);
/** `1,200` as `1.2K`, if there is little room. */
export const compact = (value) => short.format(value);
export const decimal = (value) => oneDigit.format(value);
export const share = (part, whole) => shares.format(whole ? part / whole : 0);
/** The same in a column: a decimal only for small numbers. */
export const roughShare = (part, whole) => (10 * part < whole ? share(part, whole) : wholeShares.format(part / Math.max(1, whole)));

/** The change, `+12 %`; `×30` from tenfold on, "new" if there was nothing before. */
export function change(now, before) {
  if (before === now) return changes.format(0);
  if (before && now >= 10 * before) return `×${short.format(now / before)}`;
  return before ? changes.format((now - before) / before).replace("-", "\u2212") : "new"; // a minus sign, as wide as a plus
}

/** The direction of a change; none if it is less than a tenth, or could be chance: less than the square root of the counts. */
export function direction(now, before) {
  const difference = Math.abs(now - before);
  if (10 * difference < before || difference <= Math.sqrt(Math.max(now, before))) return "same";
  return now > before ? "up" : "down";
}

/** `27 Oct – 25 Nov 2026` */
export const days = (start, end) =>
  start === end ? labels.day.format(timeOf(start)) : range.formatRange(timeOf(start), timeOf(end));

/** The same without the year if it is the current one, `1 – 28 Oct`. */
export const shortDays = (start, end, today) =>
  start.slice(0, 4) === today.slice(0, 4) && end.slice(0, 4) === today.slice(0, 4)
    ? ticks.day.formatRange(timeOf(start), timeOf(end))
    : range.formatRange(timeOf(start), timeOf(end));

/** `17 Oct`, with the year if it is not the current one. */
export const dayIn = (day, today) => (day.slice(0, 4) === today.slice(0, 4) ? ticks.day : range).format(timeOf(day));

/** The time of a point in the graph, in full. */
export function label(at, interval) {
  if (interval === "week") return `week of ${range.format(timeOf(at))}`;
  return labels[interval].format(timeOf(at));
}

/** The same, short enough for an axis. */
export const tick = (at, unit) => ticks[unit].format(timeOf(at));

/** How far the logs reach, in the site's time zone: `23:59 UTC`, with the day if it is not today. */
export function reach(at, zone, today) {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(new Date(at));
  const date = day === today ? {} : { day: "numeric", month: "short", ...(day.slice(0, 4) === today.slice(0, 4) ? {} : { year: "numeric" }) };
  const time = { hour: "numeric", minute: "2-digit", timeZoneName: "short" };
  return new Intl.DateTimeFormat(LOCALES, { timeZone: zone, ...date, ...time }).format(new Date(at));
}
export const clock = (at) => new Intl.DateTimeFormat(LOCALES, { timeStyle: "short" }).format(at);

const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** `3 hours ago` */
export function ago(at) {
  const seconds = (new Date(at) - Date.now()) / 1000;
  const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ["minute", 60];
  return agos.format(Math.trunc(seconds / length), unit);
}
