/**
 * Retries what could not be loaded: all of it at once, so that it is one request, and after longer and longer pauses. These are
 * partly random, so that tabs that were refused together do not return together.
 */

const FIRST = 1_000; // milliseconds
const LONGEST = 60_000; // pause between two tries
const LONGEST_WISH = 600_000; // of a server that is honoured; whoever cannot wait has a button

const retries = new Set();
let tries = 0;
let timer = 0;
let due = 0; // how long the timer was set to
let pause = 0; // of these retries, drawn once: of many draws the longest would win, and in each tab much the same

/** Call `retry` after a pause; not before the server wants it, by the `wait` of an ApiError. */
export function askAgain(retry, { wait = 0 } = {}) {
  retries.add(retry);
  pause ||= pauseAfter(tries);
  const wanted = Math.min(wait, LONGEST_WISH) + pause;
  if (timer && wanted <= due) return;
  clearTimeout(timer);
  due = wanted;
  timer = setTimeout(run, due);
}

/** Milliseconds to wait after this many tries. */
export const pauseAfter = (number) => (0.5 + Math.random() / 2) * Math.min(LONGEST, FIRST * 2 ** number);

function run() {
  const waiting = [...retries];
  stopAsking();
  tries += 1;
  for (const retry of waiting) retry();
}

function stopAsking() {
  clearTimeout(timer);
  timer = due = pause = 0;
  retries.clear();
}

/** Forget all retries: everything is loaded, or something else is looked at. The next failure is retried soon. */
export function beginAnew() {
  stopAsking();
  tries = 0;
}
