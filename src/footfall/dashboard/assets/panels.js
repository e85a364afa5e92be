/**
 * The panels: what there is to see beside the graph, one table each.
 *
 * Every dimension of the API has one. A row of PANELS says what is special about it: its heading, its place, how its rows
 * are shown; headings of columns, nouns and classes of values are the API's. A dimension without a row gets a default panel.
 */

import { make, named, namedPath } from "./dom.js";
import { canAnswer, choose, chosen, halvesOf } from "./filters.js";
import * as format from "./format.js";
import { addressOf } from "./links.js";

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

const PAGE = { dimension: "page", isFilter: true };
const ENTRY = { dimension: "entry", isFilter: true };
const REFERRER = { dimension: "referrer", isFilter: true };
const BOT_PAGE = { dimension: "bot_page", isFilter: false };

/* The headings under which panels stand together; those of pages need none. */
const [READERS, DEVICES, BOTS, ERRORS] = ["Where readers come from", "What they read with", "AI and bots", "Errors"];

/**
 * By the name of a dimension, in the order of the page; `dimension` names another one. `path` and `asked` are the question, beside site and period;
 * `when` says of a state whether the store can answer it; `name` makes the cell of a value, `link` the change of state that a
 * click on it is, `out` the address that it leads to. null: no panel.
 */
export const PANELS = {
  page: {
    group: "",
    title: "Pages",
    rows: 12,
    hasSeries: true,
    hasSearch: true,
    size: "large",
    asked: ({ prefix, filters }) => ({ prefix, filter: filters }),
    when: (view) => view.page === null && (view.filters.length === 0 || canAnswer(PAGE, view)),
    link: (value, { filters, combinesFilters }) => ({ page: value, prefix: "", filters: combinesFilters ? filters : [] }),
    out: (value, { site }) => addressOf(site, value),
    name: pathName,
  },
  page_referrer: {
    dimension: "referrer",
    group: "",
    title: "Referrers of this page",
    path: "views/referrers",
    rows: 20,
    size: "large",
    when: ({ page, filters }) => page !== null && !filters.length,
    asked: ({ page }) => ({ page }),
    link: () => null,
    about: aboutKept,
    out: (value) => addressOf(value),
    isCompared: false,
    isPrivate: true,
    empty: "No views of this page are kept for this period, so it is not known where its readers came from.",
  },
  entry: {
    group: "",
    title: "Entry pages",
    rows: 8,
    size: "medium",
    name: pathName,
    when: (view) => view.page === null && canAnswer(ENTRY, view),
    out: (value, { site }) => addressOf(site, value),
    empty: "Nobody came from elsewhere in this period, or the logs keep no referrers.",
  },
  hour: null, // the graph has hours
  source: { group: READERS, title: "Sources", rows: 8 },
  channel: { group: READERS, title: "Channels", rows: 8 },
  referrer: {
    group: READERS,
    title: "Referrers",
    rows: 8,
    when: (view) => !PANELS.page_referrer.when(view) && canAnswer(REFERRER, view),
    out: (value) => addressOf(value),
  },
  campaign: { group: READERS, title: "Campaigns", rows: 8, empty: "Nobody followed a link with a campaign (utm_campaign)." },
  campaign_source: { group: READERS, title: "Campaign sources", rows: 8, empty: "Nobody followed a tagged link (utm_source)." },
  country: {
    group: READERS,
    title: "Countries",
    rows: 8,
    about: aboutUnknown,
    empty: "No country is known: the logs name none, and none was looked up when they were imported.",
  },
  device: { group: DEVICES, title: "Devices", rows: 8 },
  browser: { group: DEVICES, title: "Browsers", rows: 8 },
  system: { group: DEVICES, title: "Systems", rows: 8 },
  browser_version: { group: DEVICES, title: "Browser versions", rows: 8 },
  system_version: { group: DEVICES, title: "System versions", rows: 8 },
  bot_class: { group: BOTS, title: "What bots come for", value: "Class", empty: "No bot came in this period." },
  bot: { group: BOTS, title: "Bots", about: aboutAi, empty: "No bot came in this period." },
  bot_page: {
    group: BOTS,
    title: "Pages read by bots",
    value: "Bot and page",
    when: (view) => botOf(view) !== null || canAnswer(BOT_PAGE, view),
    asked: (view) => (botOf(view) === null ? { filter: chosen(view) } : { prefix: `${botOf(view)} ` }),
    name: pathName,
    empty: "No search engine and no AI read a page.",
  },
  broken_link: {
    group: ERRORS,
    title: "Broken links",
    value: "Missing page and link",
    name: linkName,
    empty: "No page led to one that is not there.",
  },
  status: { group: ERRORS, title: "Statuses", name: statusName },
  not_found: {
    group: ERRORS,
    title: "Missing pages",
    value: "Asked for",
    name: pathName,
    empty: "Nobody asked for a page that is not there.",
  },
};

/** The panels with their names: the rows of PANELS, then the others. */
export function panelsOf(dimensions) {
  const known = Object.fromEntries(dimensions.map((each) => [each.dimension, each]));
  const dimensionOf = (name) => known[PANELS[name]?.dimension ?? name];
  const names = Object.keys({ ...PANELS, ...known }).filter((name) => PANELS[name] !== null && dimensionOf(name));
  return names.map((name) => [name, panelOf(dimensionOf(name), PANELS[name])]);
}

/** A panel as the API's dimension makes it, and then its own row. */
function panelOf({ dimension, title, noun, measures, classes, about_classes, is_filter: isFilter }, row) {
  const self = { dimension, isFilter };
  return {
    ...self,
    title,
    value: title,
    path: `stats/${dimension}`,
    noun: (count) => (count === 1 ? noun.one : noun.many),
    isOfLogs: measures[0] === "requests",
    classes: new Map(Object.entries(classes)), // strangers name bots, also "constructor"
    aboutClasses: about_classes, // shown to those who point at a class
    group: "More",
    rows: 10,
    size: "third",
    when: (view) => canAnswer(self, view),
    asked: (view) => ({ filter: chosen(view) }),
    link: (value, view) => choose(self, value, view),
    name: className,
    ...row,
  };
}

/** The one bot that is looked at, whose pages are known by their names; null where it is none. */
function botOf({ page, filters }) {
  const [dimension, value] = halvesOf(filters[0] ?? "");
  return page === null && filters.length === 1 && dimension === "bot" ? value : null;
}

const classOf = (value, { classes }) => classes.get(value.toLowerCase());

function className(value, panel) {
  const found = classOf(value, panel);
  return [named(value), found ? make("span", { class: "tag", title: panel.aboutClasses[found] }, found) : null];
}

function pathName(value) {
  return [namedPath(value)];
}

/** `blog/old from news.example/post`, whose parts stand on two lines where one is too short. */
function linkName(value) {
  return [namedPath(value, value.lastIndexOf(" from ") + 1)];
}

function statusName(value) {
  return [named(value), STATUSES[value] ? make("span", { class: "aside" }, STATUSES[value]) : null];
}

function aboutAi(answer, panel) {
  const ai = answer.rows.filter((row) => classOf(row.value, panel)?.startsWith("AI")).reduce((sum, row) => sum + row.views, 0);
  return ai ? `${answer.next ? "at least " : ""}${format.share(ai, answer.total)} by AI crawlers` : "";
}

/** Where nothing else is known, why. */
function aboutUnknown({ rows }) {
  const isKnown = rows.some(({ value }) => value !== "(unknown)");
  return isKnown || !rows.length ? "" : "No country is known for these addresses; private ones, for example, have none.";
}

function aboutKept(answer) {
  return answer.of > answer.total
    ? `of ${format.number(answer.total)} of ${format.number(answer.of)} views, whose records are kept`
    : "";
}
