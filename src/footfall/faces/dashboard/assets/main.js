/**
 * The dashboard: what is looked at is in the address (state.js), its numbers come from the API (api.js), and each part of the
 * page asks its own question, so that one that fails or is slow keeps nobody else waiting.
 */

import * as api from "./api.js";
import { byId, make, named } from "./dom.js";
import * as format from "./format.js";
import { makeGraph } from "./graph.js";
import { isPlain, makePanel, PANELS, trend } from "./panels.js";
import * as periods from "./periods.js";
import { changed, read, write } from "./state.js";

const SLOW = 4_000; // milliseconds until it is said that it takes long
const AGAIN = 10_000; // until a server that did not answer is asked once more
const MOST_ROWS = 10_000; // of a file to keep, which is as many as the API gives

let state = read(location.search);
let scope = null; // what every question says: { site, start, end }, and what follows from it
let running = new AbortController();
let readAt = null;
let again = 0;
let slow = 0;
let graph = null;

const panels = {};

/** All that lasts is made once; numbers come and go. */
function build() {
  byId("panels").append(graphPanel());
  for (const [id, panel] of Object.entries(PANELS)) {
    if (panel.isOfLogs && !byId("of-logs")) byId("panels").append(make("h2", { id: "of-logs", class: "rubric" }, "What only logs tell"));
    panels[id] = makePanel(id, panel, {
      href: (changes) => write(changed(state, changes)),
      go: (changes) => go(changes),
      more: (cursor) => api.get(panel.path, { ...question(panel), limit: 50, cursor }, running.signal),
      file: (kind) => keep(id, panel.path, question(panel), kind),
      search: (prefix) => prefix !== state.prefix && go({ prefix, page: null }, { replaces: state.prefix !== "" }),
    });
    byId("panels").append(panels[id].section);
  }
  byId("panels").append(make("p", { id: "of-site", class: "aside-note", hidden: true }));

  byId("compare").addEventListener("change", (event) => go({ compare: event.target.checked }));
  byId("site").addEventListener("change", (event) => go({ site: event.target.value, page: null, prefix: "" }));
  byId("custom").addEventListener("submit", chooseCustom);
  byId("forget").addEventListener("click", forget);
  addEventListener("popstate", () => {
    state = read(location.search);
    render();
  });
  addEventListener("offline", () => notify(`You are offline. These numbers are from ${format.clock(readAt ?? Date.now())}.`));
  addEventListener("online", () => render());
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-go]");
    if (!link || !isPlain(event)) return;
    event.preventDefault();
    if (link.getAttribute("href")) goTo(read(new URL(link.href).search));
  });
  api.onTokenNeeded(askForToken);
}

/** Look at something else; the back button comes back. */
function go(changes, { replaces = false } = {}) {
  goTo(changed(state, changes), replaces);
}

function goTo(wanted, replaces = false) {
  const isOther = wanted.page !== state.page || (wanted.prefix !== state.prefix && document.activeElement?.id !== "search");
  state = wanted;
  history[replaces ? "replaceState" : "pushState"](null, "", write(state));
  render();
  if (isOther) (byId("filter").querySelector("h2") ?? byId("main")).focus(); // what was clicked may be gone
}

/** Show what the state asks for. */
async function render() {
  running.abort();
  running = new AbortController();
  clearTimeout(again);
  const { signal } = running;
  startWaiting();
  try {
    const sites = await api.get("sites", {}, signal);
    if (!sites.sites.length) return showNothingCounted();
    byId("main").hidden = false;
    scope = scopeOf(sites);
    showHead(sites);
    const errors = (await Promise.all([showFreshness(signal), showCards(signal), showGraph(signal), ...Object.keys(PANELS).map((id) => showPanel(id, signal))])).filter(Boolean);
    if (signal.aborted) return;
    if (!errors.length) readAt = Date.now();
    tellErrors(errors);
  } catch (error) {
    if (signal.aborted) return;
    byId("main").hidden = true;
    tellErrors([error]);
  } finally {
    if (!signal.aborted) stopWaiting();
  }
}

/** The days, the interval and the site that the state comes to. */
function scopeOf({ sites, time_zone: zone }) {
  const site = sites.find(({ site: name }) => name === state.site) ?? sites[0];
  const today = periods.todayIn(zone ?? "UTC");
  const isAll = state.period === "all";
  const [start, end] = isAll ? [site.first_day ?? today, site.last_day ?? today] : periods.daysOf(state, today);
  const days = periods.countDays(start, end);
  let { best, fitting } = periods.intervalsFor(days);
  if (state.prefix) fitting = fitting.filter((name) => name !== "hour"); // hours are counted of the site, and of single views
  if (!fitting.includes(best)) best = fitting[0] ?? "day";
  const interval = fitting.includes(state.by) ? state.by : best;
  return { site: site.site, start, end, days, today, zone: zone ?? "UTC", fitting, interval, isCompared: state.compare && !isAll };
}

const common = () => ({ site: scope.site, start: scope.start, end: scope.end });
const compared = () => ({ compare: scope.isCompared ? "previous" : null });
const ofPages = () => ({ page: state.page, prefix: state.prefix });

// The head

function showHead({ sites }) {
  byId("title").textContent = scope.site;
  byId("site").hidden = sites.length < 2;
  byId("title").classList.toggle("unseen", sites.length > 1);
  byId("site").replaceChildren(...sites.map(({ site }) => make("option", { selected: site === scope.site }, site)));
  document.title = `${state.page ?? scope.site} – footfall`;

  const { today, start, end } = scope;
  const isCustom = !(state.period in periods.CHOICES);
  const choice = (name, changes, isCurrent) => make("li", {}, make("a", { href: write(changed(state, changes)), "data-go": true, "aria-current": isCurrent ? "true" : null }, name));
  byId("choices").replaceChildren(
    ...Object.entries(periods.CHOICES).map(([period, [name]]) => choice(name, { period }, period === state.period)),
    make("li", {}, make("button", { type: "button", class: isCustom ? "current" : null, "aria-expanded": String(!byId("custom").hidden), "aria-controls": "custom", click: openCustom }, "Custom")),
  );
  byId("from").value = start;
  byId("to").value = end;
  byId("days").textContent = format.days(start, end);
  for (const [id, steps] of [["earlier", -1], ["later", 1]]) {
    const shifted = periods.shifted(state, steps, today);
    const link = byId(id);
    link.toggleAttribute("data-go", true);
    if (shifted) link.setAttribute("href", write(changed(state, shifted)));
    else link.removeAttribute("href");
    link.setAttribute("role", "link");
    link.setAttribute("aria-disabled", String(!shifted));
  }
  byId("compare").checked = state.compare;
  byId("compare").disabled = state.period === "all";
  byId("forget").hidden = !api.hasToken();
  showFilter();
}

function openCustom(event) {
  const isHidden = (byId("custom").hidden = !byId("custom").hidden);
  event.currentTarget.setAttribute("aria-expanded", String(!isHidden));
  if (!isHidden) byId("from").focus();
}

function chooseCustom(event) {
  event.preventDefault();
  const days = [byId("from").value, byId("to").value].sort();
  go(periods.choiceOf(...days, scope.today));
}

function showFilter() {
  const { page, prefix } = state;
  const filter = byId("filter");
  filter.hidden = page === null && prefix === "";
  const everything = make("a", { href: write(changed(state, { page: null, prefix: "" })), "data-go": true, class: "plain" }, "Show all pages");
  const folder = page?.includes("/") && page !== "/" ? page.slice(0, page.lastIndexOf("/") + 1) : "";
  const beside = folder ? make("a", { href: write(changed(state, { page: null, prefix: folder })), "data-go": true, class: "plain" }, "All below ", named(folder)) : null;
  const title = page !== null ? ["Page ", named(page)] : ["Pages that begin with ", named(prefix)];
  if (!filter.hidden) filter.replaceChildren(make("h2", { tabindex: "-1" }, ...title), make("div", {}, beside, everything));
  else filter.replaceChildren();
  const search = byId("search");
  if (document.activeElement !== search) search.value = prefix;
  byId("of-logs").hidden = page !== null || prefix !== "";
  byId("of-site").hidden = page === null && prefix === "";
  byId("of-site").textContent = "Browsers, systems, bots, missing pages and statuses are counted for the whole site, not page by page.";
}

async function showFreshness(signal) {
  try {
    const told = await api.get("status", {}, signal);
    const place = byId("freshness");
    const parts = [
      told.complete_until ? part(`Complete until ${format.moment(told.complete_until, scope.zone)}`, "The latest request of any log file; S3 may still deliver earlier ones.") : part("No logs yet"),
      told.newest_file_ingested_at ? part(`last file read ${format.ago(told.newest_file_ingested_at)}`, `${told.newest_file}, of ${format.number(told.files)}`) : null,
      part(`${format.number(told.unreadable)} of ${format.number(told.lines)} lines unreadable`, "", told.unreadable ? "warning" : null),
    ];
    place.replaceChildren(...parts.filter(Boolean));
    return null;
  } catch (error) {
    if (!signal.aborted) byId("freshness").replaceChildren();
    return error;
  }
}

const part = (text, title, kind) => make("span", { title: title || null, class: kind ?? null }, text);

// The cards

async function showCards(signal) {
  const cards = byId("cards");
  cards.setAttribute("aria-busy", "true");
  if (!cards.firstChild) cards.replaceChildren(...[1, 2, 3, 4].map(() => make("div", { class: "card" }, make("dt", {}, make("span", { class: "ghost" })), make("dd", {}, make("span", { class: "ghost" })))));
  try {
    const found = await api.get("stats/total", { ...common(), ...ofPages(), ...compared() }, signal);
    const before = found.previous;
    const known = found.complete_until ? periods.localTime(new Date(found.complete_until), scope.zone) : null;
    const days = known && known.slice(0, 10) < scope.end ? Math.max(0, periods.countDays(scope.start, known.slice(0, 10))) : scope.days;
    const aDay = days ? found.total / days : null;
    const beforeADay = before?.days ? before.total / before.days : null;
    const was = (count) => (before ? `before: ${count}` : "");
    const told = [
      card("Views", format.number(found.total), was(format.number(before?.total ?? 0))),
      state.page === null ? card("Pages", format.number(found.pages), was(format.number(before?.pages ?? 0))) : null,
      card("Views a day", aDay === null ? "–" : format.decimal(aDay), was(format.decimal(beforeADay ?? 0)), `Over the ${format.number(days)} days of which there are logs`),
      before
        ? card("Change", format.change(found.total, before.total), `against ${format.days(before.query.start, before.query.end)}`, "", trend(found.total, before.total))
        : card("Change", "–", state.period === "all" ? "nothing before it" : "not compared"),
    ];
    cards.replaceChildren(...told.filter(Boolean));
    byId("said").textContent = `${format.days(scope.start, scope.end)}: ${format.number(found.total)} views`;
    cards.removeAttribute("aria-busy");
    return null;
  } catch (error) {
    if (signal.aborted) return null;
    cards.removeAttribute("aria-busy");
    cards.replaceChildren(make("div", { class: "card" }, make("dt", {}, "Views"), make("dd", {}, "–"), make("dd", { class: "was failed" }, `Not read: ${error.message}.`)));
    return error;
  }
}

function card(name, value, was, title, kind) {
  return make("div", { class: "card" }, make("dt", {}, name), make("dd", { class: kind ?? null, title: title || null }, value), make("dd", { class: "was" }, was || "\u00a0"));
}

// The graph

function graphPanel() {
  const file = (kind) => make("button", { type: "button", class: "plain file", "aria-label": `Views over time as ${kind}`, click: () => keep("history", "stats/history", historyQuestion(), kind.toLowerCase()) }, kind);
  const place = make("div", { class: "graph" });
  const numbers = make("div", { class: "body" });
  const section = make(
    "section", { class: "panel full", id: "panel-history", "aria-labelledby": "title-history" },
    make("header", {}, make("h2", { id: "title-history" }, "Views over time"), make("nav", { "aria-label": "Interval" }, make("ul", { class: "choices", id: "intervals" })), make("div", { class: "files" }, file("CSV"), file("JSON"))),
    place,
    make("div", { class: "under" },
      make("ul", { class: "legend", id: "legend" }),
      make("p", { id: "graph-keys", class: "hint" }, "Arrow keys tell each point, Enter opens it; drag to choose several.")),
    make("p", { id: "graph-empty", class: "empty", hidden: true }),
    make("details", { id: "numbers", toggle: () => showNumbers() }, make("summary", {}, "The same as a table"), numbers),
  );
  graph = makeGraph(place, openPoints);
  return section;
}

let shown = null; // the history that the graph shows

const historyQuestion = () => ({ ...common(), ...ofPages(), ...compared(), interval: scope.interval });

async function showGraph(signal) {
  const section = byId("panel-history");
  section.setAttribute("aria-busy", "true");
  try {
    const found = await readHistory(signal);
    shown = modelOf(found);
    const intervals = scope.fitting.length > 1 ? scope.fitting : [];
    byId("intervals").replaceChildren(...intervals.map((name) => make("li", {}, make("a", { href: write(changed(state, { by: name })), "data-go": true, "aria-current": name === scope.interval ? "true" : null }, name))));
    graph.show(shown);
    byId("legend").replaceChildren(
      make("li", { class: "now" }, "this period"),
      ...(shown.previous ? [make("li", { class: "before" }, "the period before")] : []),
      ...(shown.unfinished >= 0 ? [make("li", { class: "unfinished" }, "not complete yet")] : []),
    );
    const empty = emptyText(found);
    byId("graph-empty").hidden = !empty;
    byId("graph-empty").textContent = empty;
    showNumbers();
    section.removeAttribute("aria-busy");
    return null;
  } catch (error) {
    if (signal.aborted) return null;
    section.removeAttribute("aria-busy");
    byId("graph-empty").hidden = false;
    byId("graph-empty").replaceChildren(`Not read: ${error.message}. `, make("button", { type: "button", class: "plain", click: () => showGraph(running.signal) }, "Try again"));
    return error;
  }
}

/** A page's hours are known only where its views are kept: else its days have to do. */
async function readHistory(signal) {
  try {
    return await api.get("stats/history", historyQuestion(), signal);
  } catch (error) {
    if (error.status !== 400 || state.page === null || scope.interval !== "hour") throw error;
    scope.fitting = scope.fitting.filter((name) => name !== "hour");
    scope.interval = "day";
    return api.get("stats/history", historyQuestion(), signal);
  }
}

function modelOf({ series, previous, complete_until: complete }) {
  const { interval, zone } = scope;
  const until = complete ? periods.localTime(new Date(complete), zone) : "9999";
  const labels = series.map(({ at }) => at);
  return {
    labels, interval,
    views: series.map(({ at, views }) => (periods.beginOf(at) > until && !views ? null : views)),
    previous: previous ? previous.series.map(({ at, views }) => [at, views]) : null,
    unfinished: labels.findIndex((at) => periods.beginOf(at) <= until && periods.beginOf(periods.next(at, interval)) > until),
    noun: (count) => (count === 1 ? "view" : "views"),
  };
}

function emptyText({ total }) {
  if (shown.views.every((count) => count === null)) return "No logs of this period have come yet. S3 delivers most of them within hours.";
  return total ? "" : "No views in this period.";
}

/** A point of the graph, or several, as the period. */
function openPoints(first, last) {
  const { labels, interval } = shown;
  if (interval === "hour" && first === last) return;
  const end = interval === "hour" ? labels[last].slice(0, 10) : periods.addDays(periods.next(labels[last], interval), -1);
  const days = [labels[first].slice(0, 10) < scope.start ? scope.start : labels[first].slice(0, 10), end > scope.end ? scope.end : end];
  if (days[0] !== scope.start || days[1] !== scope.end) go(periods.choiceOf(...days, scope.today));
}

/** The graph's numbers for those who would rather read; made when they are asked for. */
function showNumbers() {
  const details = byId("numbers");
  const body = details.querySelector(".body");
  if (!details.open || !shown) return body.replaceChildren();
  const { labels, interval, views, previous, unfinished } = shown;
  const rows = labels.map((at, number) =>
    make("tr", {},
      make("th", { scope: "row" }, format.label(at, interval)),
      make("td", {}, views[number] === null ? "no logs yet" : `${format.number(views[number])}${number === unfinished ? " so far" : ""}`),
      previous ? make("td", {}, previous[number] ? format.number(previous[number][1]) : "") : null));
  body.replaceChildren(
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Views over time, as a table" },
      make("table", { "aria-labelledby": "title-history" },
        make("thead", {}, make("tr", {}, make("th", { scope: "col" }, interval[0].toUpperCase() + interval.slice(1)), make("th", { scope: "col" }, "Views"), previous ? make("th", { scope: "col" }, "Period before") : null)),
        make("tbody", {}, ...rows))));
}

// The panels

function question(panel) {
  const series = panel.hasSeries ? (scope.interval === "hour" ? "day" : scope.interval) : null;
  return { ...common(), ...panel.asked?.(state), ...(panel.isCompared === false ? {} : compared()), series };
}

async function showPanel(id, signal) {
  const [panel, place] = [PANELS[id], panels[id]];
  place.section.hidden = !panel.when(state);
  if (place.section.hidden) return null;
  place.wait();
  try {
    place.show(trimmed(await api.get(panel.path, { ...question(panel), limit: panel.rows }, signal)));
    return null;
  } catch (error) {
    if (signal.aborted) return null;
    place.fail(error, () => showPanel(id, running.signal));
    return error;
  }
}

/** Rows whose course ends where the logs do, rather than with zeros for days that are still to come. */
function trimmed(answer) {
  if (!answer.rows[0]?.series || !answer.complete_until) return answer;
  const interval = scope.interval === "hour" ? "day" : scope.interval;
  const known = periods.countBegun(scope.start, scope.end, interval, periods.localTime(new Date(answer.complete_until), scope.zone));
  return { ...answer, rows: answer.rows.map((row) => ({ ...row, series: row.series.slice(0, Math.max(known, 1)) })) };
}

/** Keep a panel's numbers as a file. A link cannot send the token, so the answer is fetched and then kept. */
async function keep(name, path, { series, ...asked }, kind) {
  try {
    const limit = path === "stats/history" ? null : MOST_ROWS;
    const content = await api.getFile(path, { ...asked, limit }, kind);
    const address = URL.createObjectURL(content);
    make("a", { href: address, download: `footfall-${name}-${scope.start}-${scope.end}.${kind}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  } catch (error) {
    notify(`The ${kind.toUpperCase()} file was not read: ${error.message}.`);
  }
}

// What goes wrong, and waiting

function startWaiting() {
  document.body.classList.add("waiting");
  clearTimeout(slow);
  slow = setTimeout(() => notify("Still reading. Long periods of large sites take a while.", null, "info"), SLOW);
}

function stopWaiting() {
  document.body.classList.remove("waiting");
  clearTimeout(slow);
  if (byId("notice").classList.contains("info")) byId("notice").hidden = true;
}

/** One word on what went wrong, for all panels together; what went wrong in one alone stands there. */
function tellErrors(errors) {
  const worst = errors.find((error) => error.status === 401) ?? errors.find((error) => error.status === 0) ?? errors.find((error) => byId("main").hidden);
  if (!worst) return hideNotice();
  const button = (name) => make("button", { type: "button", class: "plain strong", click: () => render() }, name);
  if (worst.status === 401) return notify("These numbers want a token.", button("Enter the token"));
  if (worst.status !== 0) return notify(`The numbers cannot be read: ${worst.message}.`, button("Try again"));
  again = setTimeout(render, AGAIN);
  return notify(`${worst.message[0].toUpperCase()}${worst.message.slice(1)}. It is asked again every ${AGAIN / 1000} seconds.`, button("Try now"));
}

function notify(text, action = null, kind = "problem") {
  const notice = byId("notice");
  notice.className = `notice ${kind}`;
  notice.hidden = false;
  notice.replaceChildren(make("p", {}, text), ...(action ? [action] : []));
}

function hideNotice() {
  byId("notice").hidden = true;
}

function showNothingCounted() {
  hideNotice();
  byId("main").hidden = true;
  notify("", null, "welcome");
  byId("notice").replaceChildren(
    make("h2", {}, "Nothing is counted yet"),
    make("p", {}, "Count the logs that your bucket writes, then look again:"),
    make("pre", {}, make("code", {}, "footfall import FOLDER")),
    make("button", { type: "button", class: "plain strong", click: () => (api.forgetAnswers(), render()) }, "Look again"),
  );
}

// The token

/** Ask a person for the token, once for all questions that wait for it; null when they have none. */
function askForToken(wasRefused) {
  const dialog = byId("token-dialog");
  byId("token-why").textContent = wasRefused
    ? "That token was not accepted. Whoever runs footfall here can give you one."
    : "These numbers are not public. Whoever runs footfall here can give you a token.";
  byId("token-why").classList.toggle("failed", wasRefused);
  byId("token").value = "";
  dialog.returnValue = "";
  dialog.showModal();
  byId("token-cancel").onclick = () => dialog.close("");
  byId("token-form").onsubmit = (event) => {
    event.preventDefault();
    dialog.close("use");
  };
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const token = byId("token").value.trim();
      byId("token").value = "";
      resolve(dialog.returnValue === "use" && /^[\x21-\x7e]+$/.test(token) ? token : null);
    }, { once: true });
  });
}

function forget() {
  api.forgetToken();
  render();
}

build();
render();
