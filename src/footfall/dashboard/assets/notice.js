/** What is told across the page: that it takes long, that the server is away, that there is nothing yet. */

import { byId, make } from "./dom.js";

const SLOW = 4_000; // milliseconds until it is said that it takes long

let slow = 0;

export function startWaiting() {
  document.body.classList.add("waiting");
  clearTimeout(slow);
  slow = setTimeout(() => notify("Still reading. Long periods of large sites take a while.", { kind: "info" }), SLOW);
}

export function stopWaiting() {
  document.body.classList.remove("waiting");
  clearTimeout(slow);
  if (byId("notice").classList.contains("info")) hideNotice();
}

/** Tell a text, with a button where something can be done about it. */
export function notify(text, { kind = "problem", button = null, act = null } = {}) {
  show(kind, make("p", {}, text), ...(button ? [strong(button, act)] : []));
}

/** What to do first. */
export function welcome(act) {
  show(
    "welcome",
    make("h2", {}, "Nothing is counted yet"),
    make("p", {}, "Count the logs that your bucket writes, then look again:"),
    make("pre", {}, make("code", {}, "footfall import FOLDER")),
    strong("Look again", act),
  );
}

export function hideNotice() {
  byId("notice").hidden = true;
}

/** For those who hear the page rather than see it. */
export function say(text) {
  byId("said").textContent = text;
}

function show(kind, ...children) {
  const notice = byId("notice");
  notice.className = `notice ${kind}`;
  notice.hidden = false;
  notice.replaceChildren(...children);
}

const strong = (name, act) => make("button", { type: "button", class: "plain strong", click: () => act() }, name);
