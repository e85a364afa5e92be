/**
 * The panels: what there is to see beside the graph, one table each.
 *
 * A new panel is a row of PANELS: its question to the API, and how its rows are told.
 */

import * as api from "./api.js";
import { make, named, namedPath, printable } from "./dom.js";
import * as format from "./format.js";
import { countBegun } from "./periods.js";
import { sparkline } from "./sparkline.js";
import { common, compared, courseOf, reachOf } from "./view.js";

const MORE = 50; // rows that come with each press of the button
const PAUSE = 300; // milliseconds in which nobody types, until a search begins

/** Crawlers that gather for AI models or fetch for their users, as they call themselves in lower case. */
const AI = [
  "ai2bot",
  "amazonbot",
  "anthropic-ai",
  "bytespider",
  "ccbot",
  "chatgpt-user",
  "claude-searchbot",
  "claude-user",
  "claude-web",
  "claudebot",
  "cohere-ai",
  "cohere-training-data-crawler",
  "deepseekbot",
  "diffbot",
  "duckassistbot",
  "facebookbot",
  "google-cloudvertexbot",
  "google-extended",
  "googleother",
  "gptbot",
  "grokbot",
  "imagesiftbot",
  "meta-externalagent",
  "meta-externalfetcher",
  "mistralai-user",
  "oai-searchbot",
  "omgili",
  "pangubot",
  "perplexity-user",
  "perplexitybot",
  "timpibot",
  "tiktokspider",
  "webzio-extended",
  "xai-bot",
  "youbot",
];
export const isAi = (bot) => AI.includes(bot.toLowerCase());

const STATUSES = {
  200: "OK",
  206: "Partial content",
  301: "Moved permanently",
  302: "Found elsewhere",
  304: "Not modified",
  307: "Moved for now",
  308: "Moved for good",
  400: "Bad request",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  412: "Precondition failed",
  416: "Range not satisfiable",
  500: "Server error",
  503: "Slow down",
};

const views = (count) => (count === 1 ? "view" : "views");
const requests = (count) => (count === 1 ? "request" : "requests");

/**
 * What the panels show. `path` and `asked` are the question, beside site and period; `when` says of a state whether the
 * store can answer it; `name` makes the cell of a value, `link` the change of state that a click on it is.
 */
export const PANELS = {
  page: {
    title: "Pages",
    value: "Page",
    path: "stats/page",
    noun: views,
    rows: 12,
    hasSeries: true,
    hasSearch: true,
    size: "large",
    asked: ({ prefix }) => ({ prefix }),
    when: ({ page }) => page === null,
    link: (value) => ({ page: value, prefix: "" }),
    name: pathName,
  },
  page_referrer: {
    title: "Referrers of this page",
    value: "Referrer",
    path: "views/referrers",
    noun: views,
    rows: 20,
    size: "large",
    asked: ({ page }) => ({ page }),
    when: ({ page }) => page !== null,
    about: aboutKept,
    isCompared: false,
    empty: "No views of this page are kept for this period, so it is not known where its readers came from.",
  },
  referrer: {
    title: "Referrers",
    value: "Referrer",
    path: "stats/referrer",
    noun: views,
    rows: 12,
    size: "medium",
    when: isWhole,
  },
  browser: { title: "Browsers", value: "Browser", path: "stats/browser", noun: views, rows: 8, size: "half", when: isWhole },
  system: { title: "Systems", value: "System", path: "stats/system", noun: views, rows: 8, size: "half", when: isWhole },
  bot: {
    title: "Bots and AI crawlers",
    value: "Bot",
    path: "stats/bot",
    noun: requests,
    rows: 10,
    size: "third",
    when: isWhole,
    name: botName,
    about: aboutAi,
    empty: "No bot came in this period.",
  },
  not_found: {
    title: "Missing pages",
    value: "Asked for",
    path: "stats/not_found",
    noun: requests,
    rows: 10,
    size: "third",
    when: isWhole,
    name: pathName,
    empty: "Nobody asked for a page that is not there.",
  },
  status: {
    title: "Statuses",
    value: "Status",
    path: "stats/status",
    noun: requests,
    rows: 10,
    size: "third",
    when: isWhole,
    name: statusName,
  },
};

/** These are counted for the whole site only, so a state that asks of some pages does without them. */
function isWhole({ page, prefix }) {
  return page === null && prefix === "";
}

function pathName(value) {
  return [namedPath(value)];
}

function botName(value) {
  return isAi(value)
    ? [named(value), make("span", { class: "tag", title: "gathers or fetches for an AI" }, "AI")]
    : [named(value)];
}

function statusName(value) {
  return [named(value), STATUSES[value] ? make("span", { class: "aside" }, STATUSES[value]) : null];
}

function aboutAi(answer) {
  const ai = answer.rows.filter((row) => isAi(row.value)).reduce((sum, row) => sum + row.views, 0);
  return ai ? `${answer.next ? "at least " : ""}${format.share(ai, answer.total)} by AI crawlers` : "";
}

function aboutKept(answer) {
  return answer.of > answer.total
    ? `of ${format.number(answer.total)} of ${format.number(answer.of)} views, whose records are kept`
    : "";
}

/**
 * The part of the page that a row of PANELS stands for. `on` has `go(changes)` and `href(changes)`, for links, and
 * `file(name, path, asked, format)`.
 */
export function makePanel(id, panel, on) {
  const about = make("p", { class: "about" });
  const body = make("div", { class: "body" });
  const foot = make("div", { class: "more" });
  const search = panel.hasSearch ? searchField(on) : null;
  const section = make(
    "section",
    { class: `panel ${panel.size} ${panel.noun(2)}`, id: `panel-${id}`, "aria-labelledby": `title-${id}` },
    make(
      "header",
      {},
      make("h2", { id: `title-${id}` }, panel.title),
      files(panel.title, (kind) => on.file(id, panel.path, question(panel, shown), kind)),
    ),
    search,
    about,
    body,
    foot,
  );
  let shown = null; // the view

  /** A first time there is nothing to show yet; later the old numbers stay, paler, until the new ones are there. */
  function wait() {
    section.setAttribute("aria-busy", "true");
    const ghosts = Array.from({ length: Math.min(panel.rows, 6) }, () => make("div", { class: "ghost" }));
    if (!body.firstChild) body.replaceChildren(...ghosts);
  }

  function show(answer, view) {
    section.removeAttribute("aria-busy");
    shown = view;
    if (search) showSearched(search, view);
    about.textContent = panel.about?.(answer) ?? "";
    foot.replaceChildren();
    if (!answer.rows.length) {
      body.replaceChildren(make("p", { class: "empty" }, panel.empty ?? "Nothing in this period."));
      return;
    }
    const isCompared = panel.isCompared !== false && view.isCompared;
    const hasTrend = panel.hasSeries && answer.rows[0].series.length > 1;
    const rows = make("tbody");
    const most = answer.rows[0].views;
    body.replaceChildren(make("table", { "aria-labelledby": `title-${id}` }, headOf(panel, hasTrend, isCompared), rows));
    add(answer);

    function add(part) {
      rows.append(...trimmed(part, view).rows.map((row) => makeRow(panel, row, most, { hasTrend, isCompared }, on)));
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
        if (!rows.isConnected) return; // something else is looked at meanwhile
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
    body.replaceChildren(make("p", { class: "failed" }, ...tryAgain(error, retry)));
  }

  const ask = (view, signal) => api.get(panel.path, { ...question(panel, view), limit: panel.rows }, signal);
  return { section, when: panel.when, ask, wait, show, fail };
}

function question(panel, view) {
  const series = panel.hasSeries ? courseOf(view) : null;
  return { ...common(view), ...panel.asked?.(view), ...(panel.isCompared === false ? {} : compared(view)), series };
}

/** Rows whose course ends where the logs do, rather than with zeros for days that are still to come. */
function trimmed(answer, view) {
  if (!answer.rows[0]?.series) return answer;
  const begun = countBegun(view.start, view.end, courseOf(view), reachOf(answer, view, "9999"));
  return { ...answer, rows: answer.rows.map((row) => ({ ...row, series: row.series.slice(0, Math.max(begun, 1)) })) };
}

/** Buttons that keep a panel's numbers. */
export function files(title, keep) {
  const button = (kind) => {
    const name = `${title} as ${kind}`;
    return make(
      "button",
      { type: "button", class: "plain file", "aria-label": name, click: () => keep(kind.toLowerCase()) },
      kind,
    );
  };
  return make("div", { class: "files" }, button("CSV"), button("JSON"));
}

/** What went wrong, and the way out. */
export function tryAgain(error, retry) {
  const button = make("button", { type: "button", class: "plain", click: () => retry() }, "Try again");
  return [make("span", { class: "failed" }, `Not read: ${error.message}. `), button];
}

function headOf(panel, hasTrend, isCompared) {
  const column = (name, text) => make("th", { scope: "col", class: name }, text);
  const views = panel.noun(2);
  return make(
    "thead",
    {},
    make(
      "tr",
      {},
      column("value", panel.value),
      hasTrend && column("series", "Trend"),
      column("views", views[0].toUpperCase() + views.slice(1)),
      isCompared && column("change", "Change"),
    ),
  );
}

function makeRow(panel, row, most, { hasTrend, isCompared }, on) {
  const name = panel.name ? panel.name(row.value) : [named(row.value)];
  const change = panel.link?.(row.value);
  const cell = make(
    "th",
    { scope: "row", class: "value" },
    change ? link(change, name, printable(row.value), on) : make("span", {}, ...name),
  );
  cell.style.setProperty("--share", `${(100 * row.views) / Math.max(1, most)}%`);
  return make(
    "tr",
    {},
    cell,
    hasTrend && make("td", { class: "series" }, sparkline(row.series)),
    make("td", { class: "views" }, format.number(row.views)),
    isCompared ? changeCell(row.views, row.previous, panel.noun) : null,
  );
}

function link(change, children, name, on) {
  return make("a", { href: on.href(change), "data-go": true, "aria-label": name }, ...children);
}

/** A click that is no request for another tab. */
export const isPlain = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

function changeCell(now, before, noun) {
  return make(
    "td",
    { class: `change ${format.trend(now, before)}`, title: `${format.number(before)} ${noun(before)} before` },
    format.change(now, before),
  );
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

  /** A word is one step back, however many letters it has. */
  function search() {
    const prefix = field.value.replace(/^\/+(?=.)/, ""); // pages are named without the slash that their paths begin with
    on.go({ prefix, page: null }, { replaces: isSearching });
    isSearching = prefix !== "";
  }

  return make("div", { class: "search" }, field);
}

function showSearched(search, { prefix }) {
  const field = search.querySelector("input");
  if (document.activeElement !== field) field.value = prefix;
}
