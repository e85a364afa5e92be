// A list of popular posts and a view counter, from footfall's /pagetotals; see README.md.
//
//   <ol data-footfall-popular></ol>
//   <span data-footfall-views></span>
//   <script type="module" src="popular.js" data-api="https://stats.example.org" data-prefix="blog/"
//     data-titles="/titles.json"></script>

const MOST = 5; // posts in the list
const INDEX = /(^|\/)index\.html$/;

// A module has no document.currentScript, so it looks for the one that says where the counts are.
const script = document.querySelector("script[data-api]");
const list = document.querySelector("[data-footfall-popular]");
const counter = document.querySelector("[data-footfall-views]");

show().catch(hide);

async function show() {
  const { api, prefix, titles: file } = script.dataset;
  const named = list && file ? fetchTitles(file).catch(noTitles) : new Map();
  const [totals, titles] = await Promise.all([fetchTotals(api, prefix ?? ""), named]);
  if (list) list.replaceChildren(...Object.entries(totals).slice(0, MOST).map((entry) => toEntry(entry, titles)));
  if (counter) counter.textContent = (totals[pageOf(location.pathname)] ?? 0).toLocaleString();
}

// {"blog/articles/a": 38, ...}, most first.
async function fetchTotals(api, prefix) {
  const url = new URL("/pagetotals", api);
  url.searchParams.set("prefix", prefix);
  const answer = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer" });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return answer.json();
}

// The titles of pages, from a file of this site: {"/blog/articles/a/": "A title"}, or a feed: RSS, Atom or JSON.
async function fetchTitles(file) {
  const answer = await fetch(file, { credentials: "omit", referrerPolicy: "no-referrer" });
  if (!answer.ok) throw new Error(`${file} answers ${answer.status}`);
  const text = await answer.text();
  const pairs = /^\s*\{/.test(text) ? pairsOfJson(JSON.parse(text)) : pairsOfFeed(parse(text, "text/xml"));
  return new Map(pairs.map(([link, title]) => [pageOf(new URL(link, location).pathname), title]));
}

function pairsOfJson(found) {
  return Array.isArray(found.items) ? found.items.map(({ url, title }) => [url, title]) : Object.entries(found);
}

function pairsOfFeed(xml) {
  return [...xml.querySelectorAll("item, entry")].map((entry) => {
    const link = entry.querySelector("link:not([rel]), link[rel=alternate]");
    const title = [...entry.children].find(({ tagName }) => tagName === "title");
    const text = title.textContent.trim();
    const plain = title.getAttribute("type") === "html" ? parse(text, "text/html").body.textContent : text;
    return [link.getAttribute("href") ?? link.textContent.trim(), plain];
  });
}

// Of what is parsed, but not put into the page, nothing is run or loaded.
function parse(text, type) {
  return new DOMParser().parseFromString(text, type);
}

function noTitles(error) {
  console.warn("footfall:", error.message);
  return new Map();
}

// A page as footfall names it: /blog/articles/a/ and /blog/articles/a/index.html are blog/articles/a.
function pageOf(path) {
  return decodeURIComponent(path).replace(INDEX, "").replace(/^\/+|\/+$/g, "") || "/";
}

// Pages' names come from logs, where strangers may write: they become text and a path of this site, never HTML.
function toEntry([page, views], titles) {
  const link = document.createElement("a");
  const isFile = /\.html?$/.test(page);
  link.href = page === "/" ? "/" : `/${page.split("/").map(encodeURIComponent).join("/")}${isFile ? "" : "/"}`;
  link.textContent = titles.get(page) || titles.get(`${page}.html`) || wordsOf(page); // a file may be served without its ending
  const entry = document.createElement("li");
  entry.append(link, ` (${views.toLocaleString()})`);
  return entry;
}

// The last part of its path, in words: counting-without-cookies becomes "counting without cookies".
function wordsOf(page) {
  return page === "/" ? "Home" : page.split("/").at(-1).replace(/\.html?$/, "").replaceAll(/[-_]/g, " ");
}

function hide(error) {
  console.warn("footfall:", error.message);
  for (const element of [list, counter?.closest("p") ?? counter]) if (element) element.hidden = true;
}
