/** People and machines: views, and bots' reads of the same pages, stacked over time; and the readers that AI sent back. */

import * as api from "./api.js";
import { draw, make } from "./dom.js";
import { canAnswer } from "./filters.js";
import * as format from "./format.js";
import { loggedPart, tryAgain } from "./panel.js";
import { AI_CHANNEL, isOfAi } from "./panels.js";
import { common, intervalOfSeries } from "./view.js";

const BOT_CLASS = { dimension: "bot_class", isFilter: false };
const MOST = 100; // classes, or channels
const GAPS = 120; // columns, up to which there are gaps between them
const FEW = 15; // columns that fill the graph; fewer are not wider

/** From bottom to top: names, and their classes of bots. */
const KINDS = [
  { name: "people", title: "People", isOf: () => false },
  { name: "search", title: "Search engines", isOf: (kind) => kind === "search" },
  { name: "ai", title: "AI", isOf: isOfAi },
  { name: "bots", title: "Other bots", isOf: (kind) => kind !== "search" && !isOfAi(kind) },
];

/** `dimensions` are the API's; without channels, it is unknown how many readers AI sent. */
export function makeStack(dimensions) {
  const hasChannels = dimensions.some(({ dimension }) => dimension === "channel");
  const legend = make("ul", { class: "legend kinds" });
  const about = make("p", { class: "about" });
  const place = make("div", { class: "stack" });
  const table = make("div", { class: "body" });
  const details = make("details", { toggle: showTable }, make("summary", {}, "These numbers as a table"), table);
  const section = make(
    "section",
    { class: "panel full", id: "panel-kinds", "aria-labelledby": "title-kinds" },
    make("header", {}, make("h2", { id: "title-kinds" }, "AI and bots"), legend),
    about,
    place,
    details,
  );
  let model = null;

  const when = (view) => view.page === null && !view.filters.length && canAnswer(BOT_CLASS, view);

  function ask(view, signal) {
    const interval = intervalOfSeries(view);
    return Promise.all([
      api.get("stats/history", { ...common(view), interval }, signal),
      api.get("stats/bot_class", { ...common(view), series: interval, limit: MOST }, signal),
      hasChannels ? api.get("stats/channel", { ...common(view), limit: MOST }, signal) : null,
    ]);
  }

  function wait() {
    section.setAttribute("aria-busy", "true");
  }

  function show(answers, view) {
    section.removeAttribute("aria-busy");
    model = modelOf(answers, view);
    legend.replaceChildren(...KINDS.map((kind, number) => legendOf(kind, model.totals[number], model.total)));
    about.textContent = aboutAi(answers);
    place.replaceChildren(...(model.labels.length > 1 && model.total ? [stackOf(model)] : []));
    showTable();
  }

  function fail(error, retry) {
    section.removeAttribute("aria-busy");
    model = null;
    legend.replaceChildren();
    about.textContent = "";
    place.replaceChildren(make("p", { class: "failed" }, ...tryAgain(error, retry)));
    showTable();
  }

  function showTable() {
    details.hidden = !model;
    table.replaceChildren(...(details.open && model ? [tableOf(model)] : []));
  }

  return { section, when, ask, wait, show, fail };
}

/** The labels with logs, and for each kind a number per label. */
function modelOf([history, classes], view) {
  const ends = loggedPart(history, view);
  const moments = history.series.slice(...ends);
  const people = moments.map(({ views }) => views);
  const counts = KINDS.map(({ isOf }, number) => (number ? sumOf(classes.rows.filter((row) => isOf(row.value)), people.length, ends) : people));
  const totals = counts.map(sum);
  return { labels: moments.map(({ at }) => at), interval: intervalOfSeries(view), counts, totals, total: sum(totals) };
}

function sumOf(rows, length, ends) {
  const series = rows.map((row) => row.series.slice(...ends));
  return Array.from({ length }, (_, number) => sum(series.map((each) => each[number])));
}

const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);

function legendOf({ name, title }, count, total) {
  return make("li", { class: `of-${name}` }, `${title} `, make("b", {}, format.number(count)), ` ${format.roughShare(count, total)}`);
}

/** How many pages AI read, and how many readers it sent. */
function aboutAi([, classes, channels]) {
  const taken = sum(classes.rows.filter(({ value }) => isOfAi(value)).map(({ views }) => views));
  const given = channels?.rows.find(({ value }) => value === AI_CHANNEL)?.views ?? 0;
  if (!channels || (!taken && !given)) return "";
  const crawled = `AI crawlers took ${format.number(taken)} ${taken === 1 ? "page" : "pages"}`;
  if (!given) return `${crawled}; no reader came from an AI assistant.`;
  const sent = `${format.number(given)} ${given === 1 ? "view" : "views"} came from AI assistants`;
  return taken > given ? `${crawled}; ${sent}: one for every ${format.number(Math.round(taken / given))}.` : `${crawled}; ${sent}.`;
}

/** Columns of equal width with stacked parts; pointing at one shows its numbers. */
function stackOf(model) {
  const { labels, counts } = model;
  const most = ceiling(Math.max(...labels.map((_, number) => sum(counts.map((each) => each[number])))));
  const bottoms = labels.map(() => 0);
  const gap = labels.length > GAPS ? 0 : Math.max(0.2, 1 - labels.length / FEW);
  const paths = KINDS.map(({ name }, kind) => {
    const parts = counts[kind].map((count, number) => {
      const top = (bottoms[number] += count);
      return count ? `M${number + gap / 2} ${most - top}h${1 - gap}v${count}h${gap - 1}z` : "";
    });
    return draw("path", { class: `of-${name}`, d: parts.join("") });
  });
  const pointed = draw("rect", { class: "pointed", width: 1, height: most, x: -1 });
  const chart = draw(
    "svg",
    { viewBox: `0 0 ${labels.length} ${most}`, preserveAspectRatio: "none", role: "img", "aria-label": "People, search engines, AI and other bots over time" },
    pointed,
    ...paths,
  );
  const tip = make("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  const frame = make("div", { class: "columns", pointermove: point, pointerdown: point, pointerleave: leave }, chart, tip);

  function point(event) {
    const { left, width } = chart.getBoundingClientRect();
    const number = Math.min(labels.length - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * labels.length)));
    pointed.setAttribute("x", number);
    tip.replaceChildren(...tipOf(model, number));
    tip.hidden = false;
    const isRight = number * 2 >= labels.length;
    const near = `calc(${(100 * (isRight ? labels.length - number : number + 1)) / labels.length}% + 0.6rem)`;
    tip.style.left = isRight ? "auto" : near;
    tip.style.right = isRight ? near : "auto";
  }

  function leave() {
    pointed.setAttribute("x", -1);
    tip.hidden = true;
  }

  const marks = [most, most / 2].map((count) => make("span", {}, format.compact(count)));
  return make("div", { class: "plot" }, make("div", { class: "marks", "aria-hidden": "true" }, ...marks), frame, make("div", { class: "ticks", "aria-hidden": "true" }, ...ticksOf(model)));
}

function tipOf({ labels, interval, counts }, number) {
  const lines = KINDS.map(({ name, title }, kind) => make("li", { class: `of-${name}` }, `${title} `, make("b", {}, format.number(counts[kind][number]))));
  return [make("span", {}, format.label(labels[number], interval)), make("ul", { class: "kinds" }, ...lines)];
}

/** A number of at least `most` that is easy to halve. */
function ceiling(most) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  return Math.max(2, [1, 2, 4, 6, 8, 10].map((step) => step * power).find((each) => each >= most));
}

/** The first label, the last, and some between them. */
function ticksOf({ labels, interval }) {
  const unit = interval === "month" ? "month" : "day";
  const count = Math.min(labels.length, 4);
  const places = [...new Set(Array.from({ length: count }, (_, each) => Math.round((each * (labels.length - 1)) / Math.max(1, count - 1))))];
  return places.map((number) => {
    const tick = make("span", {}, format.tick(labels[number], unit));
    tick.style.left = `${(100 * (number + 0.5)) / labels.length}%`;
    return tick;
  });
}

function tableOf({ labels, interval, counts }) {
  const head = ["", ...KINDS.map(({ title }) => title)].map((title) => make("th", { scope: "col" }, title || interval[0].toUpperCase() + interval.slice(1)));
  const rows = labels.map((at, number) =>
    make("tr", {}, make("th", { scope: "row" }, format.label(at, interval)), ...counts.map((each) => make("td", {}, format.number(each[number])))),
  );
  return make(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": "AI and bots, as a table" },
    make("table", { "aria-labelledby": "title-kinds" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows)),
  );
}
