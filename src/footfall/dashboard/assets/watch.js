/**
 * Looks whether more was counted meanwhile, so that an open page shows it by itself. It asks for how far the counts reach, the
 * cheapest that the API knows, while the page is seen, and more and more seldom while nothing comes.
 */

import * as api from "./api.js";

const SOON = 60_000; // milliseconds
const SELDOM = 960_000; // logs come within hours, as a rule

/** Calls `refresh` when the counts reach further than they did; once it is `isFree`, so that nobody loses their place. */
export function watch(refresh, isFree) {
  let known; // how far the counts reached
  let pause = SOON;
  let timer = 0;

  async function look() {
    clearTimeout(timer);
    if (document.hidden) return; // until it is seen again
    const reach = isFree() ? await api.askForReach() : null;
    const isNew = reach !== null && reach !== known;
    pause = isNew ? SOON : Math.min(SELDOM, pause * 2);
    wait();
    if (isNew) {
      known = reach;
      refresh();
    }
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(look, pause * (0.75 + Math.random() / 2)); // tabs that were opened together do not ask together
  }

  document.addEventListener("visibilitychange", () => {
    if (known === undefined) return;
    pause = SOON;
    look();
  });

  return {
    /** How far the counts reach that are shown. */
    knows(reach) {
      known = reach;
      if (!timer) wait();
    },
  };
}
