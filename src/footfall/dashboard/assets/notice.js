/** Notices about the whole page: loading is slow, the server cannot be reached, there is nothing yet. */

import { byId, make } from "./dom.js";

const SLOW = 4_000; // milliseconds until loading is called slow

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

/** Show a text, with a button if something can be done about it. */
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

/** Announce a text to screen readers. */
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
