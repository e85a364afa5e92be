/** The head: site, period, comparison, selected pages; and how far the counts reach. */

import { askAgain } from "./again.js";
import * as api from "./api.js";
import { byId, make, named } from "./dom.js";
import { chipsOf } from "./filters.js";
import * as format from "./format.js";
import { makeLines } from "./lines.js";
import * as periods from "./periods.js";

/** `on` has `go(changes)` and `href(changes)`. */
export function makeHead(on) {
  let today = null;
  byId("compare").addEventListener("change", (event) => on.go({ compare: event.target.checked }));
  byId("site").addEventListener("change", (event) => on.go({ site: event.target.value, page: null, prefix: "", filters: [] }));
  byId("custom").addEventListener("submit", (event) => {
    event.preventDefault();
    on.go(periods.choiceOf(...[byId("from").value, byId("to").value].sort(), today));
  });

  return function show(view, sites) {
    today = view.today;
    document.title = `${view.page ?? view.site} – footfall`;
    showSites(view, sites);
    showPeriod(view, on);
    showFilter(view, on);
  };
}

function showSites({ site }, sites) {
  const isOne = sites.length === 1;
  byId("title").textContent = site;
  byId("title").classList.toggle("unseen", !isOne);
  byId("site").hidden = isOne;
  byId("site").replaceChildren(...sites.map(({ site: name }) => make("option", { selected: name === site }, name)));
}

function showPeriod(view, on) {
  const current = view.period === "all" ? "all" : periods.nameOf(view.start, view.end, view.today);
  const choices = Object.entries(periods.CHOICES).map(([period, [name]]) =>
    choice(name, on.href({ period }), period === current),
  );
  const list = byId("choices");
  list.replaceChildren(...choices, make("li", {}, customButton(!current)));
  const shown = list.querySelector("[aria-current], .current"); // on a narrow screen, others may be scrolled out of view
  list.scrollLeft = shown.offsetLeft - list.offsetLeft - (list.clientWidth - shown.offsetWidth) / 2;
  byId("from").value = view.start;
  byId("to").value = view.end;
  byId("days").textContent = format.days(view.start, view.end);
  showStep(byId("earlier"), periods.shifted(view, -1, view.today), on);
  showStep(byId("later"), periods.shifted(view, 1, view.today), on);
  byId("compare").checked = view.compare;
  byId("compare").disabled = view.isAll;
  byId("against").textContent = againstOf(view);
}

/** What the period is compared with, or why it is not compared. */
function againstOf({ isAll, isEmpty, before, firstDay, today }) {
  if (isAll || isEmpty) return "with the period before";
  if (before[1] < firstDay) return `(no logs before ${format.dayIn(firstDay, today)})`;
  return `with ${format.shortDays(...before, today)}`;
}

function choice(name, href, isCurrent) {
  return make("li", {}, make("a", { href, "data-go": true, "aria-current": isCurrent ? "true" : null }, name));
}

function customButton(isCurrent) {
  const form = byId("custom");
  const open = (event) => {
    form.hidden = !form.hidden;
    event.currentTarget.setAttribute("aria-expanded", String(!form.hidden));
    if (!form.hidden) byId("from").focus();
  };
  const told = { "aria-expanded": String(!form.hidden), "aria-controls": "custom", class: isCurrent ? "current" : null };
  return make("button", { type: "button", ...told, click: open }, "Custom");
}

/** The link to the previous or next period, if there is one. */
function showStep(link, choice, on) {
  if (choice) link.setAttribute("href", on.href(choice));
  else link.removeAttribute("href");
  link.setAttribute("aria-disabled", String(!choice));
}

function showFilter(view, on) {
  const { page, prefix, filters } = view;
  const chips = byId("chips");
  chips.replaceChildren(...chipsOf(view, on));
  chips.hidden = !filters.length;
  const filter = byId("filter");
  const isAll = page === null && prefix === "";
  const title = page !== null ? ["Page ", named(page)] : ["Pages that begin with ", named(prefix)];
  const folder = page?.slice(0, page.lastIndexOf("/") + 1);
  const way = (changes, ...name) => make("a", { href: on.href(changes), "data-go": true, class: "plain" }, ...name);
  const ways = make(
    "div",
    {},
    folder && folder !== "/" ? way({ page: null, prefix: folder }, "All below ", named(folder)) : null,
    way({ page: null, prefix: "" }, "Show all pages"),
  );
  filter.hidden = isAll;
  filter.replaceChildren(...(isAll ? [] : [make("h2", { tabindex: "-1" }, ...title), ways]));
}

/** How far the counts reach, in the head; and facts for the operator, in the foot. Calls `onKnown(reach)`. */
export function makeFreshness(place, foot, onKnown) {
  const showLines = makeLines(foot);
  return {
    ask: (view, signal) => api.get("status", {}, signal),
    wait() {},
    show(found, { zone, today }) {
      onKnown(found.complete_until);
      const title = "The latest request of any log file; S3 may still deliver earlier ones.";
      const reach = found.complete_until && `Logs up to ${format.reach(found.complete_until, zone, today)}`;
      place.replaceChildren(reach ? make("span", { title }, reach) : "No logs yet");
      showLines(found);
    },
    fail(error, retry) {
      if (error.isTemporary) askAgain(retry, error);
      showLines(null);
      if (error.status === 403) return place.replaceChildren(); // the token is only for some pages
      place.replaceChildren(make("span", { class: "warning" }, "It is not known how far the counts reach"));
    },
  };
}
