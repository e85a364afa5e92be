/**
 * What is chosen among the views: `country=DE`, several of them together, as chips above the numbers that are about them.
 *
 * A store that keeps its views counts them by anything. Another one answers a single filter alone, over time, in total and by
 * its own dimension; so do all stores for requests that are no views, such as those of bots.
 */

import { make, named } from "./dom.js";

const countries = new Intl.DisplayNames(navigator.languages, { type: "region", fallback: "code" });
const OTHERS = "(other)"; // many values together

/** A filter's two halves; the value may have further marks of equality. */
export function halvesOf(filter) {
  const [dimension, ...value] = filter.split("=");
  return [dimension, value.join("=")];
}

/** The change of state that a click on a value is: to see what has it, among what is chosen already where that is possible. */
export function choose({ dimension, isFilter }, value, view) {
  if (value === OTHERS) return null;
  const filter = `${dimension}=${value}`;
  if (view.filters.includes(filter)) return null;
  if (!isFilter || !combines(view)) return { filters: [filter], page: null, prefix: "" };
  return { filters: [...view.filters.filter((each) => halvesOf(each)[0] !== dimension), filter] };
}

/** Whether what one filter chooses is counted by other dimensions too. */
export function combines({ combinesFilters, prefix, filters, dimensions }) {
  return combinesFilters && prefix === "" && filters.every((each) => isOfViews(each, dimensions));
}

/** Whether a panel can be asked about what is chosen. */
export function canAnswer({ dimension, isFilter }, view) {
  if (view.prefix !== "") return false;
  if (!view.filters.length && view.page === null) return true;
  if (isFilter && combines(view)) return true;
  return view.page === null && view.filters.length === 1 && halvesOf(view.filters[0])[0] === dimension;
}

/** Whether requests that are no views are looked at. */
export const isOfRequests = ({ filters, dimensions }) => filters.some((each) => !isOfViews(each, dimensions));

const isOfViews = (filter, dimensions) => dimensions.find((each) => each.dimension === halvesOf(filter)[0])?.is_filter ?? true;

/** What a panel's question says of it; of one page too. */
export const chosen = ({ filters, page }) => (page === null ? filters : [`page=${page}`, ...filters]);

/** Why some panels are not there. */
export function whyNot(view) {
  if (isOfRequests(view)) return "These requests are no views, and none of them is kept: nothing else is known of them.";
  if (view.prefix !== "") return "Sources, countries, devices, bots and errors are counted for the whole site, not page by page.";
  if (view.combinesFilters) return "Bots and errors are requests that are no views, so they are counted for the whole site.";
  return "This store counts by one thing at a time, so nothing else is known of these views. A store in SQLite can be filtered.";
}

/** The chips; a click on one takes its filter away. */
export function chipsOf({ filters, dimensions }, on) {
  return filters.map((filter) => {
    const [dimension, value] = halvesOf(filter);
    const title = dimensions.find((each) => each.dimension === dimension)?.title ?? dimension;
    const name = dimension === "country" && /^[A-Z]{2}$/.test(value) ? countries.of(value) : value;
    const rest = filters.filter((each) => each !== filter);
    const said = { class: "chip", href: on.href({ filters: rest }), "data-go": true, "aria-label": `Show all again, not only ${title} ${name}` };
    return make("li", {}, make("a", said, `${title}: `, named(name), make("span", { "aria-hidden": "true" }, "×")));
  });
}
