/** The panel of views over time: the graph, its intervals, its legend, and the same numbers as a table. */

import { annotationsOf, askForAnnotations } from "./annotations.js";
import * as api from "./api.js";
import { make, printable } from "./dom.js";
import { files } from "./files.js";
import * as format from "./format.js";
import { makeGraph } from "./graph.js";
import { asked as measured, drawn, USUAL } from "./measures.js";
import { tryAgain } from "./panel.js";
import * as periods from "./periods.js";
import { common, compared, ofPages, reachOf } from "./view.js";

const PATH = "stats/history";
const SOON = 30; // days after the newest logs in which more may still come

/** `on` has `go(changes)` and `href(changes)`. */
export function makeHistory(on) {
  const intervals = make("ul", { class: "choices" });
  const place = make("div", { class: "graph" });
  const legend = make("ul", { class: "legend" });
  const empty = make("p", { class: "empty", role: "note", hidden: true });
  const table = make("div", { class: "body" });
  const details = make("details", { toggle: showTable }, make("summary", {}, "The same as a table"), table);
  const keys = make(
    "p",
    { id: "graph-keys", class: "hint" },
    "Arrow keys tell each point, Enter opens it; drag to choose several.",
  );
  const heading = make("h2", { id: "title-history" }, "Views over time");
  const section = make(
    "section",
    { class: "panel full", id: "panel-history", "aria-labelledby": "title-history" },
    make(
      "header",
      {},
      heading,
      legend,
      make("nav", { "aria-label": "Interval" }, intervals),
    ),
    empty,
    place,
    make("div", { class: "under" }, keys, files("history", "Views over time", () => [PATH, question(view)])),
    details,
  );
  const graph = makeGraph(place, open);
  let view = null; // what is shown
  let model = null; // and its numbers

  async function ask(asked, signal) {
    const [found, annotations] = await Promise.all([askForHistory(asked, signal), askForAnnotations(asked, signal)]);
    return { ...found, annotations };
  }

  async function askForHistory(asked, signal) {
    try {
      return await api.get(PATH, question(asked), signal);
    } catch (error) {
      // A page's hours, and filtered numbers, are only known if views are kept: otherwise, days and views are shown.
      if (error.status !== 400 || (asked.page === null && !asked.filters.length)) throw error;
      if (asked.interval !== "hour" && asked.measure === USUAL) throw error;
      const interval = asked.interval === "hour" ? "day" : asked.interval;
      return api.get(PATH, question({ ...asked, measure: USUAL, interval }), signal);
    }
  }

  function wait() {
    section.setAttribute("aria-busy", "true");
  }

  function show(found, asked) {
    section.removeAttribute("aria-busy");
    const { interval } = found.query;
    view = { ...asked, interval, measure: found.query.measure === asked.measure ? asked.measure : USUAL };
    model = modelOf(found, view);
    heading.textContent = model.title;
    const choices = asked.intervals.filter((name) => name !== "hour" || asked.interval !== "hour" || interval === "hour");
    intervals.replaceChildren(...(choices.length > 1 ? choices.map((name) => choice(name, name === interval)) : []));
    graph.show(model);
    place.hidden = false;
    legend.replaceChildren(
      make("li", { class: "now" }, "this period"),
      ...(model.previous ? [make("li", { class: "before" }, format.shortDays(...view.before, view.today))] : []),
      ...(model.unfinished >= 0 ? [make("li", { class: "unfinished" }, "not complete yet")] : []),
    );
    const told = emptyText(found, view, on);
    empty.replaceChildren(...told);
    empty.hidden = !told.length;
    showTable();
  }

  function fail(error, retry) {
    section.removeAttribute("aria-busy");
    place.hidden = true;
    legend.replaceChildren();
    empty.hidden = false;
    empty.replaceChildren(...tryAgain(error, retry));
    model = null;
    showTable();
  }

  function choice(name, isCurrent) {
    return make(
      "li",
      {},
      make("a", { href: on.href({ by: name }), "data-go": true, "aria-current": isCurrent ? "true" : null }, name),
    );
  }

  /** Make a point of the graph, or several, the period. */
  function open(first, last) {
    const { labels, interval } = model;
    if (interval === "hour" && first === last) return;
    const start = labels[first].slice(0, 10);
    const end = interval === "hour" ? labels[last].slice(0, 10) : periods.addDays(periods.next(labels[last], interval), -1);
    const days = [start < view.start ? view.start : start, end > view.end ? view.end : end];
    if (days[0] !== view.start || days[1] !== view.end) on.go(periods.choiceOf(...days, view.today));
  }

  /** Only made when it is opened: it may have hundreds of rows. */
  function showTable() {
    details.hidden = !model;
    table.replaceChildren(...(details.open && model ? [tableOf(model)] : []));
  }

  return { section, ask, wait, show, fail };
}

const question = (view) => ({
  ...common(view),
  ...ofPages(view),
  ...compared(view),
  measure: measured(view),
  interval: view.interval,
});

/** What the graph shows. */
function modelOf(found, view) {
  const { interval, measure } = view;
  const until = reachOf(found, view, "9999");
  const labels = found.series.map(({ at }) => at);
  const first = periods.beginOf(found.first_day ?? "0000-01-01");
  const isBefore = (at) => periods.beginOf(periods.next(at, interval)) <= first;
  const isLater = (at) => periods.beginOf(at) > until;
  const numberOf = (row) => (row[measure] === undefined ? row.views : row[measure]);
  const { title, noun } = drawn(view);
  return {
    title,
    labels,
    interval,
    values: found.series.map((row) => ((isLater(row.at) || isBefore(row.at)) && !numberOf(row) ? null : numberOf(row))),
    whyNone: (at) => (isBefore(at) ? "no logs" : isLater(at) ? "no logs yet" : "not known"),
    previous: found.previous ? found.previous.series.map((row) => [row.at, isBefore(row.at) ? null : numberOf(row)]) : null,
    unfinished: labels.findIndex((at) => !isLater(at) && periods.beginOf(periods.next(at, interval)) > until),
    annotations: annotationsOf(found.annotations, labels),
    noun: (count) => noun[count === 1 ? 0 : 1],
  };
}

/** Why there is nothing to see, and when there is; empty if there is something. */
function emptyText({ total }, { isEmpty, start, end, firstDay, lastDay, today }, on) {
  if (!isEmpty) return total ? [] : ["No views in this period."];
  const way = (changes, text) => make("a", { href: on.href(changes), "data-go": true }, text);
  if (end < firstDay) {
    const last = periods.addDays(firstDay, 29);
    const first = { start: firstDay, end: last < lastDay ? last : lastDay };
    return [`There are no logs before ${format.dayIn(firstDay, today)}. `, way(first, "Show the first days"), "."];
  }
  const isOver = end < today || periods.addDays(lastDay, SOON) < start;
  return [
    isOver ? "There are no logs of this period. " : "No logs of this period have come yet. S3 delivers most within hours. ",
    way({ period: periods.DEFAULT }, `Show the newest, up to ${format.dayIn(lastDay, today)}`),
    ".",
  ];
}

function tableOf({ title, labels, interval, values, previous, unfinished, whyNone, noun, annotations }) {
  const column = (name) => make("th", { scope: "col" }, name);
  const told = (number) => (values[number] === null ? whyNone(labels[number]) : format.number(values[number]));
  const toldBefore = ([at, count]) => (count === null ? whyNone(at) : format.number(count));
  const rows = labels.map((at, number) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, format.label(at, interval), ...annotations[number].map(noteOf)),
      make("td", {}, told(number), number === unfinished ? " so far" : ""),
      previous && make("td", {}, previous[number] ? toldBefore(previous[number]) : ""),
    ),
  );
  const head = make(
    "tr",
    {},
    column(capital(interval)),
    column(capital(noun(2))),
    previous && column("Period before"),
  );
  return make(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": `${title}, as a table` },
    make("table", { "aria-labelledby": "title-history" }, make("thead", {}, head), make("tbody", {}, ...rows)),
  );
}

const noteOf = ({ text }) => make("small", { class: "noted" }, printable(text));
const capital = (text) => text[0].toUpperCase() + text.slice(1);
