/** The contents of a panel's tab: a table, its search, and the buttons for more rows and downloads. */

import { askAgain } from "./again.js";
import * as api from "./api.js";
import { draw, make, printable } from "./dom.js";
import { files } from "./files.js";
import * as format from "./format.js";
import { linkOut } from "./links.js";
import { countBegun, countOver } from "./periods.js";
import { common, compared, comparisonOf, intervalOfSeries, reachOf } from "./view.js";

const MORE = 50; // rows added with each press of the button
const PAUSE = 300; // milliseconds without typing until a search begins
const WIDTH = 96; // of a sparkline
const HEIGHT = 22;

/**
 * The part of the page for a row of panels.js. `on` has `go(changes)` and `href(changes)`, for links, and
 * `opened(id)`, which returns the open tabs after that one is opened.
 */
export function makePanel(id, panel, on) {
  const about = make("p", { class: "about" });
  const body = make("div", { class: "body" });
  const foot = make("div", { class: "more" });
  const search = panel.hasSearch ? searchField(on) : null;
  const keep = files(id, panel.title, () => [panel.path, question(panel, shown)]);
  const section = make(
    "div",
    { class: `tabpanel ${panel.isOfLogs ? "requests" : "views"}`, id: `panel-${id}`, hidden: true },
    search,
    about,
    body,
    make("div", { class: "below" }, foot, keep),
  );
  let shown = null; // the view

  /** At first there is nothing to show yet; later, the old numbers stay, dimmed, until the new ones arrive. */
  function wait() {
    section.setAttribute("aria-busy", "true");
    const ghosts = Array.from({ length: Math.min(panel.rows, 6) }, () => make("div", { class: "ghost" }));
    if (!body.firstChild) body.replaceChildren(...ghosts);
  }

  function show(answer, view) {
    section.removeAttribute("aria-busy");
    shown = view;
    if (search) showSearched(search, view);
    about.textContent = [panel.about?.(answer, panel), aboutFiltered(answer)].filter(Boolean).join("; ");
    foot.replaceChildren();
    if (!answer.rows.length) {
      body.replaceChildren(make("p", { class: "empty" }, panel.empty ?? "Nothing in this period."));
      return;
    }
    const isCompared = panel.isCompared !== false && view.isCompared;
    const comparison = isCompared ? comparisonOf(answer) : null;
    const showsSeries = panel.hasSeries && answer.rows[0].series.length > 1;
    const rows = make("tbody");
    const { total } = answer;
    body.replaceChildren(make("table", { "aria-label": panel.title }, headOf(panel, showsSeries, isCompared), rows));
    add(answer);

    function add(part) {
      rows.append(...trimmed(part, view).rows.map((row) => makeRow(panel, row, total, { view, showsSeries, comparison }, on)));
      foot.replaceChildren(...(part.next ? [moreButton(part.next)] : []));
    }

    function moreButton(cursor) {
      const button = make("button", { type: "button", class: "plain", click: () => more(button, cursor) }, "More");
      return button;
    }

    async function more(button, cursor) {
      button.disabled = true;
      const count = rows.children.length;
      try {
        const part = await api.get(panel.path, { ...question(panel, view), limit: MORE, cursor });
        if (!rows.isConnected) return; // the view has changed meanwhile
        add(part);
        rows.children[count]?.querySelector("a")?.focus();
      } catch (error) {
        foot.replaceChildren(...tryAgain(error, () => more(button, cursor)));
      }
    }
  }

  function fail(error, retry) {
    section.removeAttribute("aria-busy");
    about.textContent = "";
    foot.replaceChildren();
    body.replaceChildren(
      error.isQuiet
        ? make("p", { class: "empty" }, "This is not public: it is for people with a token.")
        : make("p", { class: "failed" }, ...tryAgain(error, retry)),
    );
  }

  /** Clear a closed tab: it may be opened again for another period. */
  function close() {
    section.removeAttribute("aria-busy");
    about.textContent = "";
    body.replaceChildren();
    foot.replaceChildren();
  }

  const ask = (view, signal) => api.get(panel.path, { ...question(panel, view), limit: panel.rows }, signal, panel.isPrivate);
  return { section, ask, wait, show, fail, close };
}

/** How many views the filtered numbers come from, if not from all. */
function aboutFiltered({ filtered }) {
  if (!filtered || filtered.kept >= filtered.counted) return "";
  return `among ${format.number(filtered.kept)} of ${format.number(filtered.counted)} views, whose records are kept`;
}

function question(panel, view) {
  const series = panel.hasSeries ? intervalOfSeries(view) : null;
  return { ...common(view), ...panel.asked?.(view), ...(panel.isCompared === false ? {} : compared(view)), series };
}

/** Rows whose series begin and end with the logs, without zeros for days that have none. */
function trimmed(answer, view) {
  if (!answer.rows[0]?.series) return answer;
  const ends = loggedPart(answer, view);
  return { ...answer, rows: answer.rows.map((row) => ({ ...row, series: row.series.slice(...ends) })) };
}

/** The indexes of a series for which there are logs: the first, and the one after the last. */
export function loggedPart(answer, view) {
  const interval = intervalOfSeries(view);
  const first = countOver(view.start, view.end, interval, answer.first_day ?? view.start);
  const begun = countBegun(view.start, view.end, interval, reachOf(answer, view, "9999"));
  return [first, Math.max(begun, first + 1)];
}

/** What went wrong, and a button to try again; it is also retried automatically if that may help. */
export function tryAgain(error, retry) {
  const press = () => {
    if (button.disabled || !button.isConnected) return; // a retry is in progress, or no longer needed
    button.disabled = true;
    retry();
  };
  const button = make("button", { type: "button", class: "plain", click: press }, "Try again");
  if (error.isTemporary) askAgain(press, error);
  const said = `Not read: ${error.message}. ${error.isTemporary ? "Retrying automatically. " : ""}`;
  return [make("span", { class: "failed" }, said), button];
}

function headOf(panel, showsSeries, isCompared) {
  const column = (name, text) => make("th", { scope: "col", class: name }, text);
  const views = panel.noun(2);
  return make(
    "thead",
    {},
    make(
      "tr",
      {},
      column("value", panel.value),
      showsSeries && column("series", "Trend"),
      column("views", views[0].toUpperCase() + views.slice(1)),
      column("share", "Share"),
      isCompared && column("change", "Change"),
    ),
  );
}

function makeRow(panel, row, total, { view, showsSeries, comparison }, on) {
  const name = panel.name(row.name ?? row.value, panel);
  const change = panel.link?.(row.value, view);
  if (change && panel.detail) change.tabs = on.opened(panel.detail);
  const bar = make(
    "div",
    { class: "bar" },
    change ? link(change, name.filter(Boolean), printable(row.name ?? row.value), on) : make("span", { class: "label" }, ...name),
    linkOut(panel.out?.(row.value, view), row.value),
  );
  bar.style.setProperty("--share", `${(100 * row.views) / Math.max(1, total)}%`);
  return make(
    "tr",
    {},
    make("th", { scope: "row", class: "value" }, bar),
    showsSeries && make("td", { class: "series" }, sparkline(row.series)),
    make("td", { class: "views" }, format.number(row.views)),
    make("td", { class: "share" }, format.roughShare(row.views, total)),
    comparison ? changeCell(row.views, row.previous, panel.noun, comparison) : null,
  );
}

/** A clickable label. Its accessible name is `name`, or else all of its text. */
function link(change, [first, ...more], name, on) {
  const said = { class: "label", href: on.href(change), "data-go": true, "aria-label": more.length ? null : name };
  return make("a", said, first, ...more.flatMap((each) => [" ", each]));
}

function changeCell(now, before, noun, { isPartial, isTooEarly, compare }) {
  const said = `${format.number(before)} ${noun(before)} before`;
  if (isTooEarly) return make("td", { class: "change same", title: `${said}; too early to compare` }, "\u2013");
  const pair = compare(now, before);
  const title = `${said}${isPartial ? "; compared by the day with logs" : ""}`;
  return make("td", { class: `change ${format.direction(...pair)}`, title }, format.change(...pair));
}

function searchField(on) {
  let timer = 0;
  const field = make("input", {
    type: "search",
    id: "search",
    placeholder: "Begins with, e.g. blog/",
    "aria-label": "Show pages that begin with",
    spellcheck: "false",
    autocomplete: "off",
    input: () => {
      clearTimeout(timer);
      timer = setTimeout(search, PAUSE);
    },
  });
  let isSearching = false;

  /** A word is one step for the back button, however many letters it has. */
  function search() {
    const prefix = field.value.replace(/^\/+(?=.)/, ""); // names of pages do not have the leading slash of their paths
    on.go({ prefix, page: null, filters: [] }, { replaces: isSearching });
    isSearching = prefix !== "";
  }

  return make("div", { class: "search" }, field);
}

function showSearched(search, { prefix }) {
  const field = search.querySelector("input");
  if (document.activeElement !== field) field.value = prefix;
}

/** A row's series as a line of the height of its text. Screen readers skip it: the numbers are beside it. */
function sparkline(series) {
  const most = Math.max(1, ...series);
  const step = series.length > 1 ? WIDTH / (series.length - 1) : 0;
  const height = (views) => (HEIGHT - 1.5 - (views / most) * (HEIGHT - 3)).toFixed(1);
  const points = series.map((views, index) => `${(index * step).toFixed(1)},${height(views)}`);
  if (points.length === 1) points.push(`${WIDTH},${height(series[0])}`);
  return draw(
    "svg",
    {
      class: "sparkline",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
      focusable: "false",
    },
    draw("polygon", { points: `0,${HEIGHT} ${points.join(" ")} ${WIDTH},${HEIGHT}` }),
    draw("polyline", { points: points.join(" ") }),
  );
}
