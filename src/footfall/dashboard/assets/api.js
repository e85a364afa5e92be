/**
 * Questions to the HTTP API, the only thing that the page talks to.
 *
 * Questions that are asked in the same moment are sent in one request. The token, where one is needed, is asked for once and kept by share.js;
 * it goes into a header, never into an address.
 */

import { getToken, keepToken } from "./share.js";

const BASE = new URL("api/v1/", document.baseURI);
const PATIENCE = 30_000; // milliseconds until a question counts as unanswered
const FRESH = 60_000; // how long an answer is good enough for the back button
const MOST_ANSWERS = 60; // that are kept
const MOST_QUESTIONS = 20; // of a request, says the API
const LONGEST_ADDRESS = 6_000; // letters: API Gateway takes 10,240 with all headers

// For answers that are not footfall's: those of API Gateway, or of a proxy in front of it.
const MEANINGS = {
  429: "too many requests at once",
  502: "the server does not answer",
  503: "the server is busy",
  504: "the server took too long",
};

/**
 * An answer that is none. `status` is HTTP's, 0 where there was no answer at all; `wait` is for how many milliseconds the
 * server does not want to be asked again; `isTooMuch` whether less may be answered; `isQuiet` whether nobody is to be bothered.
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
let asked = []; // questions of this moment, not sent yet
let most = MOST_QUESTIONS; // fewer after a request that was too much
let asking = null; // for the token; all questions wait for the one dialog
let askForToken = async () => null;

/** Who asks a person for the token: a function that is told whether one was refused, and gives { token, isForDevice }, or null. */
export function onTokenNeeded(asker) {
  askForToken = asker;
}

export const hasToken = () => getToken() !== null;

/** So that the next questions are really asked. */
export const forgetAnswers = () => answers.clear();

/**
 * The answer to a question, as it was sent; of the last minute. Raises ApiError, or AbortError by `signal`. No token is asked for
 * where the question `isQuiet`: where others are public, and only this one is not.
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

/** How far the counts reach, asked anew; null where that is not known. Nobody is asked for a token. */
export async function askForReach() {
  try {
    const response = await tryToFetch(addressOf("dimensions"), getToken());
    return response.ok ? (await readJson(response)).complete_until : null;
  } catch {
    return null;
  }
}

/** The same as a file to keep: `format` is csv or json. */
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

/** What was asked for in the same moment already is not asked for twice. */
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

/** Send the questions of this moment in as few requests as possible; those of one request are aborted together. */
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

/** A question of a batch has its answer, or is asked again with a token, or has none. */
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

/** `Retry-After` in milliseconds: it is a number of seconds or a date. */
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

/** Wait for another token than the one that was refused; raises ApiError when a person has none. */
async function newToken(refused, isQuiet) {
  if (getToken() !== refused) return; // somebody else asked meanwhile
  if (isQuiet && refused === null) throw new ApiError("a token is needed", 401, { isQuiet });
  asking ??= askForToken(refused !== null).finally(() => (asking = null));
  const given = await asking;
  if (given === null) throw new ApiError("a token is needed", 401);
  keepToken(given.token, given.isForDevice);
}
