/**
 * Questions to the HTTP API, the only thing that the page talks to.
 *
 * Questions asked at the same moment are sent in one request. If a token is needed, it is asked for once and kept by share.js; it is
 * sent in a header, never in a URL.
 */

import { getToken, keepToken } from "./share.js";

const BASE = new URL("api/v1/", document.baseURI);
const PATIENCE = 30_000; // milliseconds to wait for an answer
const FRESH = 60_000; // milliseconds for which an answer is reused, as for the back button
const MOST_ANSWERS = 60; // that are kept
const MOST_QUESTIONS = 20; // per request, a limit of the API
const LONGEST_ADDRESS = 6_000; // letters: API Gateway's limit is 10,240 with all headers

// For answers that are not footfall's, but API Gateway's, or a proxy's in front of it.
const MEANINGS = {
  429: "too many requests at once",
  502: "the server does not answer",
  503: "the server is busy",
  504: "the server took too long",
};

/**
 * A failed question. `status` is HTTP's, 0 if there was no answer at all; `wait` is the number of milliseconds for which the server
 * does not want another request; `isTooMuch` whether asking for less may work; `isQuiet` whether the user should not be told.
 */
export class ApiError extends Error {
  constructor(message, status, { wait = 0, isTooMuch = false, isQuiet = false } = {}) {
    super(message);
    this.status = status;
    this.wait = wait;
    this.isTooMuch = isTooMuch;
    this.isQuiet = isQuiet;
  }

  /** Whether a retry may help. */
  get isTemporary() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const answers = new Map(); // address -> [when, answer]
let asked = []; // questions asked at this moment, not sent yet
let most = MOST_QUESTIONS; // fewer after a request that was too large
let asking = null; // for the token; all questions wait for the same dialog
let askForToken = async () => null;

/** The function that asks the user for a token: it gets whether one was refused, and returns { token, isForDevice }, or null. */
export function onTokenNeeded(asker) {
  askForToken = asker;
}

export const hasToken = () => getToken() !== null;

/** Empty the cache, so that the next questions are sent. */
export const forgetAnswers = () => answers.clear();

/**
 * The answer to a question, at most a minute old. Throws ApiError, or AbortError from `signal`. If the question `isQuiet`, the user
 * is not asked for a token: others are public, and only this one is not.
 */
export async function get(path, parameters = {}, signal = undefined, isQuiet = false) {
  const address = addressOf(path, parameters);
  const [at, known] = answers.get(address) ?? [];
  if (at && Date.now() - at < FRESH) return known;
  const answer = await answerTo(address, signal, isQuiet);
  answers.delete(address);
  answers.set(address, [Date.now(), answer]);
  if (answers.size > MOST_ANSWERS) answers.delete(answers.keys().next().value);
  return answer;
}

/** How far the counts reach, without the cache; null if not known. The user is not asked for a token. */
export async function askForReach() {
  try {
    const response = await tryToFetch(addressOf("dimensions"), getToken());
    return response.ok ? (await readJson(response)).complete_until : null;
  } catch {
    return null;
  }
}

/** The same as a file for download: `format` is csv or json. */
export async function getFile(path, parameters, format) {
  const response = await fetchFrom(addressOf(path, { ...parameters, format }));
  return response.blob();
}

function addressOf(path, parameters = {}) {
  const address = new URL(path, BASE);
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of [value].flat()) {
      if (each !== null && each !== undefined && each !== "") address.searchParams.append(name, each);
    }
  }
  return address.href;
}

/** The same question, asked twice at the same moment, is sent once. */
function answerTo(address, signal, isQuiet) {
  const same = asked.find((each) => each.address === address && each.signal === signal && each.isQuiet === isQuiet);
  if (same) return same.answer;
  const question = { address, signal, isQuiet };
  question.answer = new Promise((resolve, reject) => Object.assign(question, { resolve, reject }));
  enqueue(question);
  return question.answer;
}

function enqueue(question) {
  asked.push(question);
  if (asked.length === 1) queueMicrotask(sendAsked);
}

/** Send the questions of this moment in as few requests as possible; questions in one request are aborted together. */
function sendAsked() {
  const questions = asked;
  asked = [];
  const batches = [];
  for (const question of questions) {
    const fitting = batches.find((batch) => batch[0].signal === question.signal && fits([...batch, question]));
    if (fitting) fitting.push(question);
    else batches.push([question]);
  }
  batches.forEach(send);
}

const fits = (questions) => questions.length <= most && batchOf(questions).length <= LONGEST_ADDRESS;

function batchOf(questions) {
  const address = new URL("batch", BASE);
  for (const question of questions) address.searchParams.append("ask", question.address.slice(BASE.href.length));
  return address.href;
}

async function send(questions) {
  const token = getToken();
  try {
    const found = await answersTo(questions);
    most = Math.min(MOST_QUESTIONS, most * 2);
    questions.forEach((question, number) => settle(question, found[number], token));
  } catch (error) {
    if (error.isTooMuch) most = Math.ceil(questions.length / 2); // so that one slow question does not stop the others
    for (const { reject } of questions) reject(error);
  }
}

/** Settle a question of a batch with its answer or error, or ask it again with a token. */
function settle(question, { status, answer, error }, token) {
  if (status === 200) question.resolve(answer);
  else if (status === 401) newToken(token, question.isQuiet).then(() => enqueue(question), question.reject);
  else question.reject(new ApiError(error, status));
}

/** For each question `{ status, answer }` or `{ status, error }`. */
async function answersTo(questions) {
  const { signal } = questions[0];
  const isQuiet = questions.every((question) => question.isQuiet);
  if (questions.length > 1) return (await readJson(await fetchFrom(batchOf(questions), signal, isQuiet))).answers;
  return [{ status: 200, answer: await readJson(await fetchFrom(questions[0].address, signal, isQuiet)) }];
}

async function fetchFrom(address, signal, isQuiet = false) {
  const token = getToken();
  const response = await tryToFetch(address, token, signal);
  if (response.ok) return response;
  if (response.status === 401) {
    await newToken(token, isQuiet);
    return fetchFrom(address, signal, isQuiet);
  }
  const { error } = await response.json().catch(() => ({}));
  const said = error ?? MEANINGS[response.status] ?? `the server answered ${response.status}`;
  const wait = waitOf(response.headers.get("Retry-After"));
  throw new ApiError(said, response.status, { wait, isTooMuch: response.status >= 500 && !wait });
}

/** `Retry-After`, a number of seconds or a date, in milliseconds. */
function waitOf(text) {
  const wait = /^\d+$/.test(text ?? "") ? Number(text) * 1000 : Date.parse(text ?? "") - Date.now();
  return wait > 0 ? wait : 0;
}

async function tryToFetch(address, token, signal) {
  const tooLate = AbortSignal.timeout(PATIENCE);
  const headers = { Accept: "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  try {
    return await fetch(address, { headers, cache: "no-store", signal: signal ? AbortSignal.any([signal, tooLate]) : tooLate });
  } catch (error) {
    signal?.throwIfAborted();
    if (tooLate.aborted) throw new ApiError(`no answer within ${PATIENCE / 1000} seconds; try a shorter period`, 0, { isTooMuch: true });
    throw new ApiError("the server cannot be reached", 0);
  }
}

async function readJson(response) {
  return response.json().catch(() => {
    throw new ApiError("the server's answer was cut short", 0);
  });
}

/** Wait for a token other than the one that was refused; throws ApiError if the user has none. */
async function newToken(refused, isQuiet) {
  if (getToken() !== refused) return; // there is already another token
  if (isQuiet && refused === null) throw new ApiError("a token is needed", 401, { isQuiet });
  asking ??= askForToken(refused !== null).finally(() => (asking = null));
  const given = await asking;
  if (given === null) throw new ApiError("a token is needed", 401);
  keepToken(given.token, given.isForDevice);
}
