/** The period in four numbers, each beside that of the period before. */

import * as api from "./api.js";
import { make } from "./dom.js";
import * as format from "./format.js";
import * as periods from "./periods.js";
import { common, compared, ofPages, reachOf } from "./view.js";

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
      const again = make("button", { type: "button", class: "plain", click: retry }, "Try again");
      place.replaceChildren(
        card("Views", "–"),
        make("div", { class: "failed" }, make("dt", {}, `Not read: ${error.message}.`), make("dd", {}, again)),
      );
    },
  };
}

function cardsOf(found, view) {
  const before = found.previous;
  const days = daysWithLogs(found, view);
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
      was(() => format.decimal(before.days ? before.total / before.days : 0)),
      { title: `Over ${format.number(days)} ${days === 1 ? "day" : "days"} of which there are logs` },
    ),
    card("Change", ...changeOf(found, before, view)),
  ];
}

function changeOf({ total }, before, { isAll }) {
  if (!before) return ["–", isAll ? "nothing is before it" : "not compared"];
  const then = format.days(before.query.start, before.query.end);
  if (!before.total) return ["–", `nothing in ${then}`];
  return [format.change(total, before.total), `against ${then}`, { class: format.direction(total, before.total) }];
}

/** What is still to come, or to be delivered, makes no average smaller. */
function daysWithLogs(found, view) {
  const { start, end, days } = view;
  const last = reachOf(found, view, end).slice(0, 10);
  return last < end ? Math.max(0, periods.countDays(start, last)) : days;
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
