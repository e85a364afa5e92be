/**
 * Periods: the choices, their days, and the previous and next ones.
 *
 * Days are texts, `2026-01-31`, in the site's time zone: so they can be compared and sorted as text. Both ends are included.
 */

const DAY = 86_400_000; // milliseconds

/** The choices: name, days relative to today, and key. Without days: as far as there are counts. */
export const CHOICES = {
  today: ["Today", (today) => [today, today], "D"],
  yesterday: ["Yesterday", (today) => [addDays(today, -1), addDays(today, -1)], "E"],
  "7d": ["7 days", (today) => latest(7, today), "W"],
  "28d": ["28 days", (today) => latest(28, today), "F"],
  "90d": ["90 days", (today) => latest(90, today), "Q"],
  month: ["Month", (today) => monthOf(today), "M"],
  "last-month": ["Last month", (today) => monthOf(addDays(monthOf(today)[0], -1)), "L"],
  "12m": ["12 months", (today) => [addDays(yearBefore(today), 1), today], "T"],
  year: ["Year", (today) => yearOf(today), "Y"],
  all: ["All", () => [null, null], "A"],
};
/** The default, which URLs omit: the latest days with logs. */
export const DEFAULT = "latest";
const USUAL = "28d"; // the latest days, while logs keep coming
const LATE = 2; // days without logs until logs count as old: S3 delivers within hours, but a small site has quiet days

export const INTERVALS = ["hour", "day", "week", "month"];
const MOST_POINTS = 750; // in a graph: two years of days, a month of hours

export const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text ?? "") && dayOf(timeOf(text)) === text;

/** Today in `zone`. */
export const todayIn = (zone) => localTime(new Date(), zone).slice(0, 10);

/** A moment in the form of a label, `2026-01-31T08:15`, in `zone`. */
export function localTime(moment, zone) {
  const asked = {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  };
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", asked).formatToParts(moment).map((part) => [part.type, part.value]),
  );
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}`;
}

export const addDays = (day, number) => dayOf(timeOf(day) + number * DAY);
export const countDays = (start, end) => Math.round((timeOf(end) - timeOf(start)) / DAY) + 1;
const latest = (number, today) => [addDays(today, 1 - number), today];
/** The same day a year earlier; for a leap day, the day before. */
const yearBefore = (day) => `${String(Number(day.slice(0, 4)) - 1).padStart(4, "0")}${day.slice(4).replace("-02-29", "-02-28")}`;
const monthOf = (day) => [`${day.slice(0, 7)}-01`, addDays(next(day, "month"), -1)];
const yearOf = (day) => [`${day.slice(0, 4)}-01-01`, `${day.slice(0, 4)}-12-31`];

/** Milliseconds since the epoch of a day or a label, taken as UTC: for arithmetic, and for Intl with timeZone UTC. */
export const timeOf = (label) => Date.parse(label.length > 10 ? `${label}Z` : `${label}T00:00Z`);

function dayOf(time) {
  const date = new Date(time);
  return Number.isNaN(time) ? "" : date.toISOString().slice(0, 10);
}

/** The days of a name: one of CHOICES, `30d`, `2026-10`, `2026`, a day; null if it is not one. */
function daysNamed(period, today) {
  if (Object.hasOwn(CHOICES, period ?? "")) return CHOICES[period][1](today);
  if (/^[1-9]\d{0,3}d$/.test(period ?? "")) return latest(parseInt(period), today);
  if (/^\d{4}$/.test(period ?? "")) return yearOf(period);
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(period ?? "")) return monthOf(`${period}-01`);
  return isDay(period) ? [period, period] : null;
}

/** The first and last day of a choice: from its start and end, or from its name; else the default. */
export function daysOf({ period, start, end }, today) {
  return start && end ? [start, end] : (daysNamed(period, today) ?? daysNamed(USUAL, today));
}

/** The name of the choice with these days, relative to today; undefined if there is none. */
export const nameOf = (start, end, today) =>
  Object.keys(CHOICES).find((name) => CHOICES[name][1](today).join() === `${start},${end}`);

/** The choice in a URL; else the default or, if the newest logs are old, the same number of days up to these. */
export function chosenOf(state, { first_day: first, last_day: newest }, today) {
  const { period, start, end } = state;
  if ((start && end) || daysNamed(period, today)) return { period, start, end };
  if (!newest || newest >= addDays(today, -LATE)) return { period: USUAL, start: null, end: null };
  const begin = addDays(newest, 1 - countDays(...CHOICES[USUAL][1](today)));
  return { period: null, start: begin < first ? first : begin, end: newest };
}

/** The choice for some days: the shortest name; for days that are over, a name that will still be right tomorrow. */
export function choiceOf(start, end, today) {
  const name = nameOf(start, end, today);
  if (name && end >= today) return { period: name };
  if (start === end) return { period: start };
  if (monthOf(start).join() === `${start},${end}`) return { period: start.slice(0, 7) };
  if (yearOf(start).join() === `${start},${end}`) return { period: start.slice(0, 4) };
  return { start, end };
}

/** The choice of the same length before (-1) or after (1) one; null if there is none, or it would begin after today. */
export function shifted(choice, steps, today) {
  const [start, end] = daysOf(choice, today);
  if (!start) return null;
  let days;
  if (yearOf(start).join() === `${start},${end}`) {
    days = yearOf(String(Number(start.slice(0, 4)) + steps).padStart(4, "0"));
  } else if (monthOf(start).join() === `${start},${end}`) {
    days = monthOf(steps < 0 ? addDays(start, -1) : next(start, "month"));
  } else {
    const length = countDays(start, end) * steps;
    days = [addDays(start, length), addDays(end, length)];
  }
  return days[0] > today || days[0] < "0001-01-01" ? null : choiceOf(...days, today);
}

/** What a period is compared with: for whole months, as many months before; else the same weekdays, whole weeks earlier. */
export function before(start, end) {
  const after = addDays(end, 1);
  if (!start.endsWith("-01") || !after.endsWith("-01")) {
    const back = -7 * Math.ceil(countDays(start, end) / 7);
    return [addDays(start, back), addDays(end, back)];
  }
  const monthsOf = (day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
  const first = 2 * monthsOf(start) - monthsOf(after);
  const [year, month] = [Math.floor(first / 12), (first % 12) + 1];
  return [`${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-01`, addDays(start, -1)];
}

/** The label that follows one. */
export function next(label, interval) {
  if (interval === "hour") return new Date(timeOf(label) + DAY / 24).toISOString().slice(0, 16);
  if (interval === "week") return addDays(label, 7);
  if (interval === "day") return addDays(label, 1);
  const [year, month] = label.split("-").map(Number);
  return month === 12
    ? `${String(year + 1).padStart(4, "0")}-01-01`
    : `${label.slice(0, 5)}${String(month + 1).padStart(2, "0")}-01`;
}

/** The best interval for this number of days, and all intervals that make neither too many points nor only one. */
export function intervalsFor(days) {
  const points = { hour: days * 24, day: days, week: Math.ceil(days / 7), month: Math.ceil(days / 30.5) };
  const fitting = INTERVALS.filter((name) => points[name] <= MOST_POINTS && (points[name] > 1 || name === "hour"));
  const best = days <= 2 ? "hour" : days <= 92 ? "day" : days <= 731 ? "week" : "month";
  return { best, fitting };
}

/** The beginning of a day's interval, as the API labels it: a week's Monday, a month's first day. */
function labelOf(day, interval) {
  if (interval === "week") return addDays(day, -((new Date(timeOf(day)).getUTCDay() + 6) % 7));
  return interval === "month" ? `${day.slice(0, 7)}-01` : day;
}

/** The number of intervals of a period that have begun by `until`, a moment in the site's time zone. */
export function countBegun(start, end, interval, until) {
  let count = 0;
  for (let label = labelOf(start, interval); label <= end && beginOf(label) <= until; label = next(label, interval)) count += 1;
  return count;
}

/** The number of intervals of a period that are over before a day. */
export function countOver(start, end, interval, day) {
  const last = labelOf(day, interval);
  let count = 0;
  for (let label = labelOf(start, interval); label <= end && label < last; label = next(label, interval)) count += 1;
  return count;
}

/** The beginning of a label's interval. */
export const beginOf = (label) => (label.length > 10 ? label : `${label}T00:00`);
