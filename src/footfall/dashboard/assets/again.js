/**
 * Retries what could not be loaded: everything in one request, after increasing pauses. These are partly random, so that tabs that
 * were refused together do not retry together.
 */

const FIRST = 1_000; // milliseconds
const LONGEST = 60_000; // the longest pause between two attempts
const LONGEST_WISH = 600_000; // the longest `Retry-After` that is honoured; there is also a button

const retries = new Set();
let tries = 0;
let timer = 0;
let due = 0; // the duration of the timer
let pause = 0; // of these retries, drawn once: with many draws, the longest would win, and be similar in every tab

/** Call `retry` after a pause, and not before the `wait` of an ApiError is over. */
export function askAgain(retry, { wait = 0 } = {}) {
  retries.add(retry);
  pause ||= pauseAfter(tries);
  const wanted = Math.min(wait, LONGEST_WISH) + pause;
  if (timer && wanted <= due) return;
  clearTimeout(timer);
  due = wanted;
  timer = setTimeout(run, due);
}

/** Milliseconds to wait after this many attempts. */
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

/** Forget all retries: everything is loaded, or the view has changed. The next failure is retried soon. */
export function beginAnew() {
  stopAsking();
  tries = 0;
}
