/** The period in a few numbers, each beside that of the period before: first how much was counted, by each measure. */

import * as api from "./api.js";
import { make } from "./dom.js";
import * as format from "./format.js";
import { tryAgain } from "./panel.js";
import { common, compared, comparisonOf, ofPages } from "./view.js";

const REQUESTS = "requests"; // counted where a filter chooses some that are no views

/**
 * The measures of the first row, in order: those that an answer has, `undefined` where it has not. `isWhole` says whether all
 * days are known, as two periods cannot be compared else.
 */
const MEASURES = [
  {
    title: "Visitors",
    of: (found) => found.visitors,
    isWhole: (found) => !found.unknown_visitor_days,
    note: "sum of the days",
    about: "An address and browser, once a day: who comes on two days is counted on both.",
    below: suspectsOf,
  },
  { title: "Views", of: (found, measure) => (measure === REQUESTS ? undefined : found.total) },
  { title: "Requests", of: (found, measure) => (measure === REQUESTS ? found.total : undefined) },
  { title: "Arrivals", of: (found, measure) => (measure === REQUESTS ? undefined : found.arrivals), about: "Views that came from elsewhere than the site itself." },
];

export function makeCards(place) {
  return {
    ask: (view, signal) => api.get("stats/total", { ...common(view), ...ofPages(view), ...compared(view) }, signal),

    wait() {
      place.setAttribute("aria-busy", "true");
      if (!place.firstChild)
        place.replaceChildren(...Array.from({ length: 6 }, () => card("\u00a0", make("span", { class: "ghost" }))));
    },

    show(found, view) {
      place.removeAttribute("aria-busy");
      place.replaceChildren(...cardsOf(found, view).filter(Boolean));
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

function cardsOf(found, view) {
  const before = found.previous;
  const days = found.logged_days;
  const was = (value) => (before ? `before: ${value()}` : "");
  return [
    ...MEASURES.map((measure) => measureCard(measure, found, view)),
    view.page === null && found.pages !== null
      ? card(
          "Pages",
          format.number(found.pages),
          was(() => format.number(before.pages)),
        )
      : null,
    card(
      found.query.measure === REQUESTS ? "Requests a day" : "Views a day",
      days ? format.decimal(found.total / days) : "–",
      was(() => format.decimal(before.logged_days ? before.total / before.logged_days : 0)),
      { title: `Over ${format.number(days)} ${days === 1 ? "day" : "days"} of which there are logs` },
    ),
    card("Change", ...changeOf(found, before, view)),
  ];
}

/** A measure's card; null where the answer has no such measure. */
function measureCard({ title, of, isWhole = () => true, note, about, below = () => null }, found, { days }) {
  const { measure } = found.query;
  const before = found.previous && { ...found.previous, value: of(found.previous, measure) };
  const value = of(found, measure);
  if (value === undefined) return null;
  const notes = [];
  if (before?.value && value !== null && isWhole(found) && isWhole(before))
    notes.push(changed(...comparisonOf(found).compare(value, before.value)));
  if (before) notes.push(`before: ${numberOf(before.value)}`);
  if (note && days > 1 && value) notes.push(note);
  const said = notes.flatMap((each, index) => (index ? [", ", each] : [each]));
  return card(title, numberOf(value), said, about ? { title: about } : {}, below(found));
}

/** How many of the visitors are perhaps bots; null where that was not kept. */
function suspectsOf({ suspected_bots: suspects }) {
  if (!suspects || (suspects.visitors === null && !suspects.why_unknown)) return null;
  if (suspects.visitors === null)
    return make("dd", { class: "below", title: `As ${suspects.why_unknown}` }, "suspected bots: not known");
  const loaded = `${format.number(suspects.loaded_files)} loaded the pages' pictures, styles or scripts; the others did not`;
  return make("dd", { class: "below", title: loaded }, `suspected bots: ${format.number(suspects.visitors)}`);
}

const changed = (...pair) => make("span", { class: format.direction(...pair) }, format.change(...pair));

/** What is not known is no number. */
const numberOf = (value) => (value === null ? "–" : format.number(value));

function changeOf(found, before, view) {
  if (!before) return ["–", whyNotCompared(view)];
  const { isPartial, compare } = comparisonOf(found);
  const then = format.days(isPartial ? found.first_day : before.query.start, before.query.end);
  if (!before.total) return ["–", `nothing in ${then}`];
  const pair = compare(found.total, before.total);
  return [format.change(...pair), `${isPartial ? "by the day, " : ""}against ${then}`, { class: format.direction(...pair) }];
}

function whyNotCompared({ isAll, isEmpty, compare, start, firstDay, today }) {
  if (isAll) return "nothing is before it";
  if (isEmpty) return "no logs of this period";
  if (compare && start <= firstDay) return `no logs before ${format.dayIn(firstDay, today)}`;
  return "not compared";
}

function card(name, value, was = "", attributes = {}, below = null) {
  return make(
    "div",
    { class: "card" },
    make("dt", {}, name),
    make("dd", attributes, value),
    make("dd", { class: "was" }, ...(was.length ? [was].flat() : ["\u00a0"])),
    below,
  );
}
