/**
 * The dashboard. The URL says what is shown (state.js), the numbers come from the API (api.js), and the page consists of parts,
 * each with its own question, so that one that fails or is slow does not delay the others.
 *
 * A part has: `when(view)`, whether there is anything to ask; `ask(view, signal)`, its answer; and what it does meanwhile and
 * then: `wait()`, `show(answer, view)`, `fail(error, retry)`.
 */

import { askAgain, beginAnew } from "./again.js";
import * as api from "./api.js";
import { makeCards } from "./cards.js";
import { byId, make } from "./dom.js";
import { embed, isEmbedded, isShown } from "./embed.js";
import { whyNot } from "./filters.js";
import * as format from "./format.js";
import { makeFreshness, makeHead } from "./head.js";
import { makeHistory } from "./history.js";
import { listenToKeys } from "./keys.js";
import { hideNotice, notify, say, startWaiting, stopWaiting, welcome } from "./notice.js";
import { groupsOf } from "./panels.js";
import { makeStack } from "./stack.js";
import { addressOf, changed, read, write } from "./state.js";
import { forgetToken, fragment, takeToken } from "./share.js";
import { loadStyleSheets, setTheme } from "./styles.js";
import { makeGroup } from "./tabs.js";
import { askForToken } from "./token.js";
import { viewOf } from "./view.js";
import { watch } from "./watch.js";

takeToken();
let state = read(location.search);
let running = new AbortController(); // cancels the questions of the state
let readAt = Date.now();

const on = { go, href: (changes) => addressOf(changed(state, changes)), opened, open: openTab };
const showHead = makeHead(on);
const cards = makeCards(byId("cards"), on);
const graph = makeHistory(on);
const errors = new Map(); // by part that could not be loaded
const watched = watch(lookAgain, () => !byId("panels").contains(document.activeElement));
const parts = [cards, graph, makeFreshness(byId("freshness"), byId("unreadable"), watched.knows)]; // and the panels, once they are known
const groups = []; // the panels with tabs
const whole = isEmbedded ? embed() : null; // the link to the whole dashboard
let dimensions = null; // the API's dimensions, requested once
let view = null; // what is shown

/** Put the parts in their places, once; only their contents change later. */
function build() {
  byId("unloaded").remove();
  setTheme(state.theme);
  loadStyleSheets();
  byId("panels").prepend(graph.section);
  for (const part of parts) part.wait();

  addEventListener("popstate", () => {
    state = read(location.search);
    render();
  });
  // A shared link that is opened in a tab with this page.
  addEventListener("hashchange", () => {
    if (!takeToken()) return;
    state = read(location.search);
    lookAgain();
  });
  addEventListener("offline", () => notify(`You are offline. These numbers are from ${format.clock(readAt)}.`));
  addEventListener("online", () => render());
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-go]");
    if (!link || !isPlain(event)) return;
    event.preventDefault();
    if (link.href) goTo(read(new URL(link.href).search));
  });
  byId("forget").addEventListener("click", () => {
    forgetToken();
    lookAgain();
  });
  if (isEmbedded) return; // a frame must not ask for secrets, and leaves keys to the surrounding page
  api.onTokenNeeded(askForToken);
  listenToKeys(on);
}

/** Load the sites; the first time, also the panels. */
async function getSites(signal) {
  const asked = [api.get("sites", {}, signal), dimensions ?? api.get("dimensions", {}, signal)];
  const [sites, found] = await Promise.all(asked);
  if (dimensions === null) addPanels(found);
  dimensions = found;
  return sites;
}

/** The panels with their tabs. */
function addPanels(found) {
  for (const each of groupsOf(found).filter(({ panel }) => isShown(panel))) {
    const group = makeGroup(each, on);
    if (each.panel === "bots") {
      const stack = makeStack(found.dimensions);
      byId("of-site").before(stack.section);
      parts.push(stack);
    }
    byId("of-site").before(group.section);
    groups.push(group);
    parts.push(...group.parts);
  }
}

/** The open tabs after this one is opened: those of other panels, and this one unless it is its panel's default. */
function opened(id) {
  const ids = groups.find((group) => group.ids.includes(id))?.ids ?? [];
  return [...state.tabs.filter((each) => !ids.includes(each)), ...(ids.indexOf(id) > 0 ? [id] : [])];
}

/** Open a tab: nothing else on the page changes, and it is not a step for the back button. */
async function openTab(group, id) {
  state = { ...state, tabs: opened(id) };
  history.replaceState(null, "", addressOf(state));
  for (const link of document.querySelectorAll("a[data-go][href]")) link.href = addressOf({ ...read(new URL(link.href).search), tabs: state.tabs });
  view = { ...view, tabs: state.tabs };
  group.choose(view);
  const { signal } = running;
  await Promise.all(group.parts.map((part) => showPart(part, view, signal)));
  if (!signal.aborted) tell();
}

/** Go to another state; the back button returns. */
function go(changes, { replaces = false } = {}) {
  goTo(read(write(changed(state, changes))), replaces);
}

function goTo(wanted, replaces = false) {
  const isOther = ["page", "prefix", "filters"].some((name) => `${wanted[name]}` !== `${state[name]}`);
  state = wanted;
  history[replaces || isEmbedded ? "replaceState" : "pushState"](null, "", addressOf(state));
  render({ movesFocus: isOther && document.activeElement?.id !== "search" });
}

/** Show what the state asks for. */
function render(how) {
  beginAnew();
  return show(how);
}

async function show({ movesFocus = false } = {}) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  errors.clear();
  startWaiting();
  try {
    const known = await getSites(signal);
    byId("numbers").hidden = !known.sites.length;
    if (!known.sites.length) return welcome(lookAgain);
    view = viewOf(state, known, dimensions);
    showHead(view, known.sites);
    if (whole) whole.href = `./${write({ ...state, theme: null })}${fragment()}`;
    showWhatIsOfTheSite(view);
    if (movesFocus) (byId("filter").querySelector("h2") ?? byId("chips").querySelector("a") ?? byId("main")).focus(); // the clicked element is about to disappear
    await Promise.all(parts.map((part) => showPart(part, view, signal)));
    if (!signal.aborted) tell();
  } catch (error) {
    if (!signal.aborted) tellThatNothingIsThere(error);
  } finally {
    if (!signal.aborted) stopWaiting();
    byId("forget").hidden = !api.hasToken();
  }
}

function lookAgain() {
  api.forgetAnswers();
  render();
}

/** Some parts are only counted for the whole site: with a filter, a text says why they are missing. */
function showWhatIsOfTheSite(view) {
  const isWhole = view.page === null && view.prefix === "" && !view.filters.length;
  for (const group of groups) group.choose(view);
  byId("of-site").hidden = isWhole;
  byId("of-site").textContent = isWhole ? "" : whyNot(view);
}

/** Load one part of the page. An error is shown in its place, and retried automatically or by a button. */
async function showPart(part, view, signal) {
  const isAsked = part.when?.(view) ?? true;
  if (part.section) part.section.hidden = !isAsked;
  if (!isAsked) {
    errors.delete(part);
    part.close?.();
    return;
  }
  part.wait();
  try {
    const answer = await part.ask(view, signal);
    if (signal.aborted || part.section?.hidden) return; // the view has changed meanwhile
    part.show(answer, view);
    errors.delete(part);
    if (part === cards) say(`${format.days(view.start, view.end)}: ${format.number(answer.total)} ${answer.query.measure}`);
  } catch (error) {
    if (signal.aborted || part.section?.hidden) return;
    if (!error.isQuiet) errors.set(part, error);
    part.fail(error, () => showPart(part, view, signal).then(() => signal.aborted || tell()));
  }
}

/** One notice if everything failed; the error of a single part is shown in its place. */
function tell() {
  const found = [...errors.values()];
  const error = [401, 0].map((status) => found.find((each) => each.status === status)).find(Boolean);
  if (!found.length) {
    readAt = Date.now();
    beginAnew();
    hideNotice();
  } else if (error?.status === 401) {
    wantToken();
  } else if (error) {
    notify(`${sentence(error)} Retrying automatically.`, { button: "Try now", act: () => render() });
  } else {
    hideNotice();
  }
}

/** Without the list of sites there is nothing to show. */
function tellThatNothingIsThere(error) {
  byId("numbers").hidden = true;
  if (error.status === 401) {
    wantToken();
    return;
  }
  if (error.isTemporary) askAgain(() => show(), error);
  const again = error.isTemporary ? " Retrying automatically." : "";
  const said = error.status === 0 ? sentence(error) : `The numbers cannot be read: ${error.message}.`;
  notify(said + again, { button: error.status === 0 ? "Try now" : "Try again", act: () => render() });
}

function wantToken() {
  if (isEmbedded) notify("These numbers are not public.");
  else notify("These numbers want a token.", { button: "Enter the token", act: () => render() });
}

const sentence = ({ message }) => `${message[0].toUpperCase()}${message.slice(1)}.`;

/** Whether a click does not ask for a new browser tab. */
const isPlain = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

build();
render();
