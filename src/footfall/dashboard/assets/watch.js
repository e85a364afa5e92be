/**
 * Checks whether more was counted meanwhile, so that an open page updates itself. It asks how far the counts reach, the API's
 * cheapest question, while the page is visible, and less and less often while nothing changes.
 */

import * as api from "./api.js";

const SOON = 60_000; // milliseconds
const SELDOM = 960_000; // logs usually come within hours

/** Calls `refresh` when the counts reach further than before; once it `isFree`, so that users do not lose their place. */
export function watch(refresh, isFree) {
  let known; // how far the counts reached
  let pause = SOON;
  let timer = 0;

  async function look() {
    clearTimeout(timer);
    if (document.hidden) return; // until it is visible again
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
    timer = setTimeout(look, pause * (0.75 + Math.random() / 2)); // so that tabs opened together do not ask together
  }

  document.addEventListener("visibilitychange", () => {
    if (known === undefined) return;
    pause = SOON;
    look();
  });

  return {
    /** How far the counts shown reach. */
    knows(reach) {
      known = reach;
      if (!timer) wait();
    },
  };
}
