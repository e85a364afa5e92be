/**
 * Filters on the views: `country=DE`, or several together, as chips above the numbers that they apply to.
 *
 * A store that keeps views can filter by anything. Other stores only answer a single filter, over time, in total and by its own
 * dimension; so do all stores for requests that are not views, such as those of bots.
 */

import { make, named } from "./dom.js";

const countries = new Intl.DisplayNames(navigator.languages, { type: "region", fallback: "code" });
const OTHERS = "(other)"; // many values grouped

/** A filter's two halves; the value may contain further equals signs. */
export function halvesOf(filter) {
  const [dimension, ...value] = filter.split("=");
  return [dimension, value.join("=")];
}

/** The change of state for a click on a value: filter by it, in addition to existing filters if possible. */
export function choose({ dimension, isFilter }, value, view) {
  if (value === OTHERS) return null;
  const filter = `${dimension}=${value}`;
  if (view.filters.includes(filter)) return null;
  if (!isFilter || !combines(view)) return { filters: [filter], page: null, prefix: "" };
  return { filters: [...view.filters.filter((each) => halvesOf(each)[0] !== dimension), filter] };
}

/** Whether what a filter selects is also counted by other dimensions. */
export function combines({ combinesFilters, prefix, filters, dimensions }) {
  return combinesFilters && prefix === "" && filters.every((each) => isOfViews(each, dimensions));
}

/** Whether a panel can be filtered like this. */
export function canAnswer({ dimension, isFilter }, view) {
  if (view.prefix !== "") return false;
  if (!view.filters.length && view.page === null) return true;
  if (isFilter && combines(view)) return true;
  return view.page === null && view.filters.length === 1 && halvesOf(view.filters[0])[0] === dimension;
}

/** Whether the filter selects requests that are not views. */
export const isOfRequests = ({ filters, dimensions }) => filters.some((each) => !isOfViews(each, dimensions));

const isOfViews = (filter, dimensions) => dimensions.find((each) => each.dimension === halvesOf(filter)[0])?.is_filter ?? true;

/** The parameters of a panel's question for the filters, and for a page. */
export const chosen = ({ filters, page }) => (page === null ? filters : [`page=${page}`, ...filters]);

/** Why some panels are missing. */
export function whyNot(view) {
  if (isOfRequests(view)) return "These requests are no views, and none of them is kept: nothing else is known of them.";
  if (view.prefix !== "") return "Sources, countries, devices, bots and errors are counted for the whole site, not page by page.";
  if (view.combinesFilters) return "Bots and errors are requests that are no views, so they are counted for the whole site.";
  return "This store counts by one thing at a time, so nothing else is known of these views. A store in SQLite can be filtered.";
}

/** The chips; clicking one removes its filter. */
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
