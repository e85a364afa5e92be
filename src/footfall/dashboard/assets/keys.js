/**
 * Single-letter shortcuts for frequent users: KEYS defines what each does, and the help, which ? opens, is made from it.
 *
 * They can be turned off there, for people who use speech input, and are ignored while the user types, or if the focus is on an
 * element with its own keys.
 */

import { byId, make } from "./dom.js";
import { CHOICES } from "./periods.js";
import { ofDevice } from "./storage.js";

const OFF = "footfall-no-keys"; // its name in the browser's storage
const OWN_KEYS = "input, select, textarea, dialog, [role=slider], [role=tab], [role=listbox], .scroll";

/** `on` has `go(changes)`. */
export function listenToKeys(on) {
  const keys = {
    ...Object.fromEntries(Object.entries(CHOICES).map(([period, [name, , key]]) => [key, [name, () => on.go({ period })]])),
    C: ["Days of your own", () => byId("choices").querySelector("button").click()],
    "←": ["The period before", () => byId("earlier").click()],
    "→": ["The period after", () => byId("later").click()],
    X: ["Compare, or no longer", () => byId("compare").click()],
    "/": ["Search for a page", () => byId("search")?.focus()],
    "?": ["Show these keys", open],
  };
  const dialog = helpOf(keys);
  document.body.append(dialog);
  byId("keys").addEventListener("click", open);

  function open() {
    dialog.querySelector("input").checked = !isOff();
    dialog.showModal();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isOff() || document.querySelector("dialog[open]") || event.target.closest(OWN_KEYS)) return;
    const name = { ArrowLeft: "←", ArrowRight: "→" }[event.key] ?? event.key.toUpperCase();
    if (!Object.hasOwn(keys, name)) return;
    event.preventDefault();
    keys[name][1]();
  });
}

function helpOf(keys) {
  const rows = Object.entries(keys).map(([key, [what]]) =>
    make("div", {}, make("dt", {}, make("kbd", {}, key)), make("dd", {}, what)),
  );
  const isOn = make("input", { type: "checkbox", change: (event) => switchTo(event.target.checked) });
  return make(
    "dialog",
    { id: "keys-dialog", "aria-labelledby": "keys-title" },
    make(
      "form",
      { method: "dialog" },
      make("h2", { id: "keys-title" }, "Keys"),
      make("dl", { class: "keys" }, ...rows),
      make("label", { class: "check" }, isOn, " Listen to these keys"),
      make("div", { class: "buttons" }, make("button", { class: "plain strong" }, "Close")),
    ),
  );
}

const isOff = () => ofDevice.getItem(OFF) !== null;

function switchTo(isOn) {
  if (isOn) ofDevice.removeItem(OFF);
  else ofDevice.setItem(OFF, "yes");
}
