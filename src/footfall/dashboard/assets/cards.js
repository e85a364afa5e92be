/** The period in a few numbers, each with its change and a related fact. Clicking one draws it over time. */

import * as api from "./api.js";
import { make } from "./dom.js";
import * as format from "./format.js";
import { canDraw } from "./measures.js";
import { tryAgain } from "./panel.js";
import { common, compared, comparisonOf, ofPages } from "./view.js";

const REQUESTS = "requests"; // counted if a filter selects requests that are not views

/**
 * The first row, in order, by measure: numbers of an answer, `undefined` if it lacks them. `isWhole` says whether all days are
 * known, without which two periods cannot be compared; `facts` are the texts below.
 */
const CARDS = {
  visitors: {
    title: "Visitors",
    of: (found) => found.visitors,
    isWhole: (found) => !found.unknown_visitor_days,
    about: "An address and browser, once a day: who comes on two days is counted on both.",
    facts: (found, view) => [view.days > 1 && found.visitors ? "sum of the days" : "", suspectsOf(found)],
  },
  views: {
    title: "Views",
    of: (found, counted) => (counted === REQUESTS ? undefined : found.total),
    facts: (found, view) => [pagesOf(found, view), aDay(found, view)],
  },
  requests: { title: "Requests", of: (found, counted) => (counted === REQUESTS ? found.total : undefined), facts: (found, view) => [aDay(found, view)] },
  arrivals: {
    title: "Arrivals",
    of: (found, counted) => (counted === REQUESTS ? undefined : found.arrivals),
    about: "Views that came from elsewhere than the site itself.",
    facts: ({ arrivals, total }) => [arrivals && total ? `${format.roughShare(arrivals, total)} of views` : ""],
  },
  bots: {
    title: "Bots",
    of: (found) => found.bots,
    about: "Pages that search engines, AI crawlers and other programs read. They are not among the views.",
    isNeutral: true, // more is not better
    facts: (found) => [partOfBots(found)],
  },
};

export function makeCards(place, on) {
  return {
    ask: (view, signal) => api.get("stats/total", { ...common(view), ...ofPages(view), ...compared(view) }, signal),

    wait() {
      place.setAttribute("aria-busy", "true");
      if (!place.firstChild)
        place.replaceChildren(...Array.from({ length: 4 }, () => card("\u00a0", make("span", { class: "ghost" }))));
    },

    show(found, view) {
      place.removeAttribute("aria-busy");
      place.replaceChildren(...Object.keys(CARDS).flatMap((measure) => cardOf(measure, found, view, on)));
    },

    fail(error, retry) {
      place.removeAttribute("aria-busy");
      const [said, button] = tryAgain(error, retry);
      place.replaceChildren(
        card("Views", "–"),
        make("div", { class: "failed" }, make("dt", {}, said), make("dd", {}, button)),
      );
    },
  };
}

/** A measure's card; none if the answer does not have the measure. */
function cardOf(measure, found, view, on) {
  const { title, of, isWhole = () => true, about = null, isNeutral = false, facts } = CARDS[measure];
  const counted = found.query.measure;
  const value = of(found, counted);
  if (value === undefined) return [];
  const before = found.previous && { ...found.previous, value: of(found.previous, counted) };
  const isKnown = value !== null && isWhole(found) && (!before || isWhole(before));
  const isDrawn = measure === view.measure;
  const href = canDraw(view, measure) && value !== null && on.href({ measure });
  const name = href
    ? make("a", { href, "data-go": true, "aria-current": isDrawn ? "true" : null }, title)
    : title;
  const below = facts(found, view).filter(Boolean);
  return [
    card(name, numberOf(value), {
      about,
      isDrawn,
      was: before ? changeOf(found, { value, isKnown, isNeutral }, before, view) : whyNotCompared(view),
      below: below.flatMap((fact, index) => (index ? [", ", fact] : [fact])),
    }),
  ];
}

/** How a number changed, what it was before, and any caveat. */
function changeOf(found, { value, isKnown, isNeutral }, before, view) {
  const { isPartial, isTooEarly, compare } = comparisonOf(found);
  const pair = compare(value, before.value ?? 0);
  const said = [];
  if (isTooEarly) {
    said.push("so far, ");
  } else if (isKnown && before.value) {
    said.push(make("span", { class: isNeutral ? "same" : format.direction(...pair) }, format.change(...pair)), isPartial ? " a day, " : ", ");
  }
  said.push(`before: ${numberOf(before.value)}`);
  if (view.before[0] < view.firstDay) said.push(`, ${noLogs(view)}`);
  return said;
}

function whyNotCompared(view) {
  return view.compare && !view.isAll && !view.isEmpty ? [noLogs(view)] : [];
}

const noLogs = ({ firstDay, today }) => `no logs before ${format.dayIn(firstDay, today)}`;

function pagesOf({ pages }, { page }) {
  if (page !== null || !pages) return "";
  return `${format.number(pages)} ${pages === 1 ? "page" : "pages"}`;
}

function aDay({ total, logged_days: logged }, { days }) {
  if (!logged || days === 1) return "";
  const over = `Over ${format.number(logged)} ${logged === 1 ? "day" : "days"} of which there are logs`;
  return make("span", { title: over }, `${format.decimal(total / logged)} a day`);
}

/** How many of the visitors may be bots; nothing if there are none, or if that was not kept. */
function suspectsOf({ visitors, suspected_bots: suspects }) {
  if (!visitors || !suspects || (suspects.visitors === null && !suspects.why_unknown)) return "";
  if (suspects.visitors === null)
    return make("span", { class: "suspects", title: `As ${suspects.why_unknown}` }, "suspected bots: not known");
  const loaded = `${format.number(suspects.loaded_files)} loaded the pages' pictures, styles or scripts; the others did not`;
  return make("span", { class: "suspects", title: loaded }, `suspected bots: ${format.number(suspects.visitors)}`);
}

/** Their share of all requests for pages; "one in N" if that is shorter. */
function partOfBots({ bots, total }) {
  const all = bots + total;
  if (!bots) return "";
  if (all < 3 * bots) return `${format.roughShare(bots, all)} of page requests`;
  return `1 in ${format.number(Math.round(all / bots))} page requests`;
}

/** An unknown number is not shown as a number. */
const numberOf = (value) => (value === null ? "–" : format.number(value));

function card(name, value, { about = null, isDrawn = false, was = [], below = [] } = {}) {
  return make(
    "div",
    { class: isDrawn ? "card drawn" : "card", title: about },
    make("dt", {}, name),
    make("dd", {}, value),
    was.length ? make("dd", { class: "was" }, ...was) : null,
    below.length ? make("dd", { class: "fact" }, ...below) : null,
  );
}
