/**
 * The tables below the graph, several of which are tabs of one panel.
 *
 * Every dimension of the API has a table, in the panel given by the API. A row of PANELS says what is special about it: its tab,
 * its place among the others, how its rows are shown; headings of columns, nouns and classes of values come from the API. A
 * dimension without a row gets a standard table, in the last tab of its panel.
 */

import { make, named, namedPath } from "./dom.js";
import { canAnswer, choose, chosen, combines, halvesOf } from "./filters.js";
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
const SOURCE = { dimension: "source", isFilter: true };

/** AI by the API's channels, which send readers, and by its classes of bots, which read pages. */
export const AI_CHANNEL = "AI assistants";
export const isOfAi = (kind) => kind.startsWith("AI");
const OF_AI = `channel=${AI_CHANNEL}`;

/** The dashboard's name for a panel of the API; `beside` is one of the dashboard's own that follows it. */
const SPECIAL = { bots: { title: "Crawlers", beside: { panel: "ai", title: "AI referrals" } } };

/**
 * By the name of a dimension, in the order of the tabs; `dimension` names another one, `panel` another panel. `title` names
 * its numbers, and `tab` is shorter. `path` and `asked` are the question, besides site and period; `when` says whether
 * the store can answer it in a given state; `name` makes the cell of a value, `link` the change of state for a click on it, and
 * `out` its external URL.
 */
export const PANELS = {
  page: {
    title: "Pages",
    tab: "All",
    hasSeries: true,
    hasSearch: true,
    asked: ({ prefix, filters }) => ({ prefix, filter: filters }),
    when: (view) => view.page === null && (view.filters.length === 0 || canAnswer(PAGE, view)),
    link: (value, { filters, combinesFilters }) => ({ page: value, prefix: "", filters: combinesFilters ? filters : [] }),
    out: (value, { site }) => addressOf(site, value),
    name: pathName,
  },
  entry: {
    title: "Entry pages",
    tab: "Entry",
    name: pathName,
    when: (view) => view.page === null && canAnswer(ENTRY, view),
    out: (value, { site }) => addressOf(site, value),
    empty: "No visits from other sites in this period, or the logs have no referrers.",
  },
  broken_link: {
    title: "Broken links",
    value: "Missing page and link",
    name: linkName,
    empty: "No links to missing pages were followed in this period.",
  },
  download: {
    title: "Downloads and feeds",
    tab: "Downloads",
    out: (value, { site }) => addressOf(site, value),
    name: pathName,
    empty: "No downloads and no requests for feeds in this period.",
  },
  page_referrer: {
    dimension: "referrer",
    panel: "sources",
    title: "Referrers of this page",
    tab: "Of this page",
    path: "views/referrers",
    rows: 20,
    when: ({ page, filters }) => page !== null && !filters.length,
    asked: ({ page }) => ({ page }),
    link: () => null,
    about: aboutKept,
    out: (value) => addressOf(value),
    isCompared: false,
    isPrivate: true,
    empty: "No views of this page are kept for this period, so it is not known where its readers came from.",
  },
  channel: { title: "Channels" },
  source: { title: "Sources" },
  referrer: {
    title: "Referrers",
    when: (view) => !PANELS.page_referrer.when(view) && canAnswer(REFERRER, view),
    out: (value) => addressOf(value),
  },
  campaign: { title: "Campaigns", empty: "No links with a campaign (utm_campaign) were followed in this period." },
  campaign_source: { title: "Campaign sources", tab: "Tagged", empty: "No tagged links (utm_source) were followed in this period." },
  country: {
    title: "Countries",
    about: aboutUnknown,
    empty: "No countries are known: the logs do not have them, and they were not looked up during the import.",
  },
  device: { title: "Devices" },
  browser: { title: "Browsers" },
  system: { title: "Systems" },
  browser_version: { title: "Browser versions" },
  system_version: { title: "System versions" },
  bot: { title: "Bots", about: aboutAi, empty: "No requests from bots in this period." },
  bot_class: { title: "What bots come for", tab: "Purpose", value: "Class", empty: "No requests from bots in this period." },
  bot_page: {
    title: "Pages read by bots",
    tab: "Pages",
    value: "Bot and page",
    when: (view) => botOf(view) !== null || canAnswer(BOT_PAGE, view),
    asked: (view) => (botOf(view) === null ? { filter: chosen(view) } : { prefix: `${botOf(view)} ` }),
    name: pathName,
    empty: "No pages were read by search engines or AI in this period.",
  },
  ai_source: {
    dimension: "source",
    panel: "ai",
    title: "AI referrals",
    when: (view) => view.combinesFilters && combines(view) && canAnswer(SOURCE, view) && isCounted("channel", view),
    asked: (view) => ({ filter: [...chosen(view), OF_AI] }),
    empty: "No visits from AI in this period.",
  },
  status: { title: "Statuses", name: statusName },
  not_found: {
    title: "Missing pages",
    value: "Asked for",
    name: pathName,
    empty: "No requests for missing pages in this period.",
  },
};

/** The panels, each `{ panel, title, tabs }`, with tables by name; those without tables are left out. */
export function groupsOf({ dimensions, panels }) {
  const every = panelsOf(dimensions);
  const groups = panels.flatMap((each) => {
    const { beside, ...own } = SPECIAL[each.panel] ?? {};
    return [{ ...each, ...own }, ...(beside ? [beside] : [])];
  });
  return groups
    .map((group) => ({ ...group, tabs: every.filter(([, { panel }]) => panel === group.panel) }))
    .filter(({ tabs }) => tabs.length);
}

/** The tables with their names: the rows of PANELS, then the others. */
export function panelsOf(dimensions) {
  const known = Object.fromEntries(dimensions.map((each) => [each.dimension, each]));
  const dimensionOf = (name) => known[PANELS[name]?.dimension ?? name];
  const names = Object.keys({ ...PANELS, ...known }).filter((name) => dimensionOf(name));
  const detailOf = (name) => dimensions.find(({ detail_of: of }) => of === name)?.dimension;
  return names.map((name) => [name, panelOf(dimensionOf(name), PANELS[name], detailOf(name))]);
}

/** A table from the API's dimension and its row; `detail` is the dimension that details its values. */
function panelOf({ dimension, title, noun, measures, classes, about_classes, is_filter: isFilter, panel = "more" }, row, detail) {
  const self = { dimension, isFilter };
  return {
    ...self,
    panel,
    title,
    value: title,
    path: `stats/${dimension}`,
    noun: (count) => (count === 1 ? noun.one : noun.many),
    isOfLogs: measures[0] === "requests",
    classes: new Map(Object.entries(classes)), // strangers choose the names of bots, including "constructor"
    aboutClasses: about_classes, // shown when pointing at a class
    rows: 10,
    detail,
    when: (view) => canAnswer(self, view),
    asked: (view) => ({ filter: chosen(view) }),
    link: (value, view) => choose(self, value, view),
    name: className,
    ...row,
  };
}

const isCounted = (name, { dimensions }) => dimensions.some(({ dimension }) => dimension === name);

/** The single bot that is shown, with the names of its pages; null if there is none. */
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

/** `blog/old from news.example/post`, in two lines if one is too short. */
function linkName(value) {
  return [namedPath(value, value.lastIndexOf(" from ") + 1)];
}

function statusName(value) {
  return [named(value), STATUSES[value] ? make("span", { class: "aside" }, STATUSES[value]) : null];
}

function aboutAi(answer, panel) {
  const ai = answer.rows.filter((row) => isOfAi(classOf(row.value, panel) ?? "")).reduce((sum, row) => sum + row.views, 0);
  return ai ? `${answer.next ? "at least " : ""}${format.share(ai, answer.total)} by AI crawlers` : "";
}

/** Why nothing else is known. */
function aboutUnknown({ rows }) {
  const isKnown = rows.some(({ value }) => value !== "(unknown)");
  return isKnown || !rows.length ? "" : "No country is known for these addresses; private ones, for example, have none.";
}

function aboutKept(answer) {
  return answer.of > answer.total
    ? `of ${format.number(answer.total)} of ${format.number(answer.of)} views, whose records are kept`
    : "";
}
