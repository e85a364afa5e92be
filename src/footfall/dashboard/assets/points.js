/** The text of a point in the graph: its number, those that it is compared with, and the differences. */

import * as format from "./format.js";
import { addDays, timeOf } from "./periods.js";

const WEEK = 7; // days

/**
 * The lines of a point of the graph's model, { name, said, changed }: for itself; for the point of the previous period; and, if
 * that is another weekday, for the same weekday a week earlier. `changed` is { text, direction }, or null if there is nothing to
 * compare.
 */
export function linesOf(model, number) {
  const { labels, interval, values, previous, unfinished } = model;
  const now = values[number];
  const lines = [{ ...lineOf(model, labels[number], now), changed: null }];
  if (number === unfinished) lines[0].said += ", not complete yet";
  const isOver = number !== unfinished && now !== null;
  const add = ([at, value]) => lines.push({ ...lineOf(model, at, value), changed: isOver ? changeOf(now, value) : null });
  const before = previous?.[number];
  if (before) add(before);
  const hasWeekdays = interval === "day" || interval === "hour";
  if (hasWeekdays && !(before && weekday(before[0]) === weekday(labels[number]))) weekBefore(model, number, add);
  return lines;
}

function lineOf({ interval, whyNone, noun }, at, value) {
  const said = value === null ? whyNone(at) : `${format.number(value)} ${noun(value)}`;
  return { name: format.label(at, interval), said };
}

/** The same weekday a week earlier, if this period or the previous one has it. */
function weekBefore({ labels, values, previous }, number, add) {
  const [day, ...hour] = labels[number].split("T");
  const wanted = [addDays(day, -WEEK), ...hour].join("T");
  const here = labels.indexOf(wanted);
  if (here >= 0 && values[here] !== null) return add([wanted, values[here]]);
  const there = previous?.find(([at, value]) => at === wanted && value !== null);
  if (there) add(there);
}

function changeOf(now, before) {
  return before ? { text: format.change(now, before), direction: format.direction(now, before) } : null;
}

const weekday = (label) => new Date(timeOf(label)).getUTCDay();
