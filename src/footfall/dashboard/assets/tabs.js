/**
 * A panel with tabs, one of which is open: only that is requested and drawn. The URL contains which ones are open.
 *
 * The keys are those of the ARIA pattern with manual activation: arrows, Home and End move the focus, Enter or Space opens a tab.
 */

import { make } from "./dom.js";
import { makePanel } from "./panel.js";

/**
 * `tabs` are the names and rows of panels.js. `on` has what makePanel needs, and `open(group, id)`, called for a clicked tab.
 * The group has `parts`; `choose(view)` opens the one in the view.
 */
export function makeGroup({ panel, title, tabs }, on) {
  const ids = tabs.map(([id]) => id);
  const heading = make("h2", { id: `title-${panel}` }, title);
  const buttons = tabs.map(([id, row]) => buttonOf(id, row, () => on.open(group, id)));
  const list = make("div", { class: "tabs", role: "tablist", "aria-labelledby": heading.id, keydown: move }, ...buttons);
  let open = null; // the name of the tab
  const parts = tabs.map(([id, row]) => ({ ...makePanel(id, row, on), when: () => id === open }));
  const section = make(
    "section",
    { class: `panel group ${panel}`, id: `group-${panel}`, "aria-labelledby": heading.id },
    make("header", {}, heading, list),
    ...parts.map((part) => part.section),
  );
  const group = { section, ids, parts, choose };

  /** A tab whose numbers are not known for the view is hidden. The first one left is open by default. */
  function choose(view) {
    const there = ids.filter((_, number) => tabs[number][1].when(view));
    open = there.find((id) => view.tabs.includes(id)) ?? there[0] ?? null;
    section.hidden = open === null;
    list.hidden = there.length < 2;
    heading.textContent = there.length === 1 ? Object.fromEntries(tabs)[open].title : title;
    for (const [number, button] of buttons.entries()) {
      const isOpen = ids[number] === open;
      button.hidden = !there.includes(ids[number]);
      button.setAttribute("aria-selected", isOpen);
      button.tabIndex = isOpen ? 0 : -1;
      nameAs(parts[number].section, list.hidden ? null : button);
    }
  }

  function move(event) {
    const there = buttons.filter((button) => !button.hidden);
    const here = there.indexOf(event.target);
    const moves = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: there.length - 1 };
    if (here < 0 || !(event.key in moves)) return;
    event.preventDefault();
    there.at(moves[event.key] % there.length).focus();
  }

  return group;
}

function buttonOf(id, { tab, title }, click) {
  return make("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}`, title: tab ? title : null, click }, tab ?? title);
}

/** A tab's content is labelled by its tab; a single table by the heading. */
function nameAs(place, tab) {
  if (tab) {
    place.setAttribute("role", "tabpanel");
    place.setAttribute("aria-labelledby", tab.id);
  } else {
    place.removeAttribute("role");
    place.removeAttribute("aria-labelledby");
  }
}
