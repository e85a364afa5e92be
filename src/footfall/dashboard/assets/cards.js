/** The period in four numbers, each beside that of the period before. */

import * as api from "./api.js";
import { make } from "./dom.js";
import * as format from "./format.js";
import { tryAgain } from "./panel.js";
import { common, compared, comparisonOf, ofPages } from "./view.js";

export function makeCards(place) {
  return {
    ask: (view, signal) => api.get("stats/total", { ...common(view), ...ofPages(view), ...compared(view) }, signal),

    wait() {
      place.setAttribute("aria-busy", "true");
      if (!place.firstChild)
        place.replaceChildren(...Array.from({ length: 4 }, () => card("\u00a0", make("span", { class: "ghost" }))));
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
    card(
      "Views",
      format.number(found.total),
      was(() => format.number(before.total)),
    ),
    view.page === null
      ? card(
          "Pages",
          format.number(found.pages),
          was(() => format.number(before.pages)),
        )
      : null,
    card(
      "Views a day",
      days ? format.decimal(found.total / days) : "–",
      was(() => format.decimal(before.logged_days ? before.total / before.logged_days : 0)),
      { title: `Over ${format.number(days)} ${days === 1 ? "day" : "days"} of which there are logs` },
    ),
    card("Change", ...changeOf(found, before, view)),
  ];
}

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

function card(name, value, was = "", attributes = {}) {
  return make(
    "div",
    { class: "card" },
    make("dt", {}, name),
    make("dd", attributes, value),
    make("dd", { class: "was" }, was || "\u00a0"),
  );
}
