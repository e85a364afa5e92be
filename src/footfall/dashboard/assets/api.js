/**
 * Questions to the HTTP API, the only thing that the page talks to.
 *
 * The token, where one is needed, is asked for once and kept for this tab; it goes into a header, never into an address.
 */

const BASE = new URL("api/v1/", document.baseURI);
const TOKEN = "footfall-token"; // its name in the tab's storage
const PATIENCE = 30_000; // milliseconds until a question counts as unanswered
const FRESH = 60_000; // how long an answer is good enough for the back button
const MOST_ANSWERS = 60; // that are kept
const RETRIES = 2; // of a store that is busy
const LONGEST_WAIT = 10; // seconds before such a retry, whatever the server would like

/** An answer that is none. `status` is HTTP's, 0 where there was no answer at all. */
export class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

const answers = new Map(); // address -> [when, answer]
let asking = null; // for the token; all questions wait for the one dialog
let askForToken = async () => null;

/** Who asks a person for the token: a function that is told whether one was refused, and gives one, or null. */
export function onTokenNeeded(asker) {
  askForToken = asker;
}

export const hasToken = () => sessionStorage.getItem(TOKEN) !== null;

export function forgetToken() {
  sessionStorage.removeItem(TOKEN);
  forgetAnswers();
}

/** So that the next questions are really asked. */
export const forgetAnswers = () => answers.clear();

/** The answer to a question, as it was sent; of the last minute. Raises ApiError, or AbortError by `signal`. */
export async function get(path, asked = {}, signal = undefined) {
  const address = addressOf(path, asked);
  const [at, known] = answers.get(address) ?? [];
  if (at && Date.now() - at < FRESH) return known;
  const response = await fetchFrom(address, signal);
  const answer = await response.json().catch(() => {
    throw new ApiError("the server's answer was cut short", 0);
  });
  answers.delete(address);
  answers.set(address, [Date.now(), answer]);
  if (answers.size > MOST_ANSWERS) answers.delete(answers.keys().next().value);
  return answer;
}

/** The same as a file to keep: `format` is csv or json. */
export async function getFile(path, asked, format) {
  const response = await fetchFrom(addressOf(path, { ...asked, format }));
  return response.blob();
}

function addressOf(path, asked) {
  const address = new URL(path, BASE);
  for (const [name, value] of Object.entries(asked)) {
    if (value !== null && value !== undefined && value !== "") address.searchParams.set(name, value);
  }
  return address.href;
}

async function fetchFrom(address, signal, retries = 0) {
  const token = sessionStorage.getItem(TOKEN);
  const response = await tryToFetch(address, token, signal);
  if (response.ok) return response;
  if (response.status === 401) {
    await newToken(token);
    return fetchFrom(address, signal, retries);
  }
  const wait = Number(response.headers.get("Retry-After"));
  if ([429, 503].includes(response.status) && retries < RETRIES && wait >= 0) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(wait || 1, LONGEST_WAIT) * 1000));
    signal?.throwIfAborted();
    return fetchFrom(address, signal, retries + 1);
  }
  const answer = await response.json().catch(() => ({}));
  throw new ApiError(answer.error ?? `the server answered ${response.status}`, response.status);
}

async function tryToFetch(address, token, signal) {
  const tooLate = AbortSignal.timeout(PATIENCE);
  const headers = { Accept: "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  try {
    return await fetch(address, { headers, cache: "no-store", signal: signal ? AbortSignal.any([signal, tooLate]) : tooLate });
  } catch (error) {
    signal?.throwIfAborted();
    if (tooLate.aborted) throw new ApiError(`no answer within ${PATIENCE / 1000} seconds; a shorter period is quicker`, 0);
    throw new ApiError("the server cannot be reached", 0);
  }
}

/** Wait for another token than the one that was refused; raises ApiError when a person has none. */
async function newToken(refused) {
  if (sessionStorage.getItem(TOKEN) !== refused) return; // somebody else asked meanwhile
  asking ??= askForToken(refused !== null).finally(() => (asking = null));
  const token = await asking;
  if (token === null) throw new ApiError("a token is needed", 401);
  sessionStorage.setItem(TOKEN, token);
}
