/**
 * The dashboard. What is looked at is in the address (state.js), its numbers come from the API (api.js), and the page is made
 * of parts, each with a question of its own, so that one that fails or is slow keeps no other waiting.
 *
 * A part has: `when(view)`, whether there is anything to ask; `ask(view, signal)`, its answer; and what it does meanwhile and
 * then: `wait()`, `show(answer, view)`, `fail(error, retry)`.
 */

import * as api from "./api.js";
import { makeCards } from "./cards.js";
import { byId } from "./dom.js";
import * as format from "./format.js";
import { makeFreshness, makeHead } from "./head.js";
import { makeHistory } from "./history.js";
import { hideNotice, notify, say, startWaiting, stopWaiting, welcome } from "./notice.js";
import { makePanel } from "./panel.js";
import { panelsOf } from "./panels.js";
import { changed, read, write } from "./state.js";
import { askForToken } from "./token.js";
import { viewOf } from "./view.js";

const AGAIN = 10_000; // milliseconds until a server that did not answer is asked once more

let state = read(location.search);
let running = new AbortController(); // the questions of the state
let readAt = Date.now();
let again = 0;

const on = { go, href: (changes) => write(changed(state, changes)) };
const showHead = makeHead(on);
const cards = makeCards(byId("cards"));
const graph = makeHistory(on);
const parts = [cards, graph, makeFreshness(byId("freshness"))]; // and the panels, once they are known
let dimensions = null; // what the API counts by, asked once

/** Put the parts in their places, once; what comes and goes is in them. */
function build() {
  byId("panels").prepend(graph.section);
  for (const part of parts) part.wait();

  addEventListener("popstate", () => {
    state = read(location.search);
    render();
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
    api.forgetToken();
    render();
  });
  api.onTokenNeeded(askForToken);
}

/** Which sites there are; the first time, also which panels. */
async function getSites(signal) {
  const asked = [api.get("sites", {}, signal), dimensions ?? api.get("dimensions", {}, signal)];
  const [sites, found] = await Promise.all(asked);
  if (dimensions === null) addPanels(found.dimensions);
  dimensions = found;
  return sites;
}

/** A panel for each dimension, those of requests under a heading of their own. */
function addPanels(found) {
  for (const [id, panel] of panelsOf(found)) {
    const part = makePanel(id, panel, on);
    byId(panel.isOfLogs ? "of-site" : "of-logs").before(part.section);
    parts.push(part);
  }
}

/** Look at something else; the back button comes back. */
function go(changes, { replaces = false } = {}) {
  goTo(changed(state, changes), replaces);
}

function goTo(wanted, replaces = false) {
  const isOther = wanted.page !== state.page || wanted.prefix !== state.prefix;
  state = wanted;
  history[replaces ? "replaceState" : "pushState"](null, "", write(state));
  render({ movesFocus: isOther && document.activeElement?.id !== "search" });
}

/** Show what the state asks for. */
async function render({ movesFocus = false } = {}) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  clearTimeout(again);
  startWaiting();
  try {
    const known = await getSites(signal);
    byId("numbers").hidden = !known.sites.length;
    if (!known.sites.length) return welcome(askAgain);
    const view = viewOf(state, known);
    showHead(view, known.sites);
    showWhatIsOfTheSite(view);
    if (movesFocus) (byId("filter").querySelector("h2") ?? byId("main")).focus(); // what was clicked is about to go
    const errors = await Promise.all(parts.map((part) => showPart(part, view, signal)));
    if (!signal.aborted) tell(errors.filter(Boolean));
  } catch (error) {
    if (signal.aborted) return;
    byId("numbers").hidden = true;
    tell([error]);
  } finally {
    if (!signal.aborted) stopWaiting();
    byId("forget").hidden = !api.hasToken();
  }
}

function askAgain() {
  api.forgetAnswers();
  render();
}

/** Some parts are counted for the whole site only: of a page alone it is said why they are not there. */
function showWhatIsOfTheSite({ page, prefix }) {
  const isWhole = page === null && prefix === "";
  byId("of-logs").hidden = !isWhole;
  byId("of-site").hidden = isWhole;
}

/** One part of the page; its error, where it has one. */
async function showPart(part, view, signal) {
  const isAsked = part.when?.(view) ?? true;
  if (part.section) part.section.hidden = !isAsked;
  if (!isAsked) return null;
  part.wait();
  try {
    const answer = await part.ask(view, signal);
    if (!signal.aborted) part.show(answer, view);
    if (part === cards) say(`${format.days(view.start, view.end)}: ${format.number(answer.total)} views`);
    return null;
  } catch (error) {
    if (signal.aborted) return null;
    part.fail(error, () => showPart(part, view, running.signal));
    return error;
  }
}

/** One word on what went wrong everywhere; what went wrong in one part stands there. */
function tell(errors) {
  const error = [401, 0].map((status) => errors.find((each) => each.status === status)).find(Boolean);
  if (!errors.length) {
    readAt = Date.now();
    hideNotice();
  } else if (error?.status === 401) {
    notify("These numbers want a token.", { button: "Enter the token", act: () => render() });
  } else if (error) {
    again = setTimeout(() => render(), AGAIN);
    const said = error.message[0].toUpperCase() + error.message.slice(1);
    notify(`${said}. It is asked again every ${AGAIN / 1000} seconds.`, { button: "Try now", act: () => render() });
  } else if (byId("numbers").hidden) {
    notify(`The numbers cannot be read: ${errors[0].message}.`, { button: "Try again", act: () => render() });
  } else {
    hideNotice();
  }
}

/** A click that is no request for another tab. */
const isPlain = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

build();
render();
