// A list of popular posts and a view counter, from footfall's /pagetotals; see README.md.
//
//   <ol data-footfall-popular></ol>
//   <span data-footfall-views></span>
//   <script type="module" src="popular.js" data-api="https://stats.example.org" data-prefix="blog/"></script>

const MOST = 5; // posts in the list
const INDEX = /(^|\/)index\.html$/;

// A module has no document.currentScript, so it looks for the one that says where the counts are.
const script = document.querySelector("script[data-api]");
const list = document.querySelector("[data-footfall-popular]");
const counter = document.querySelector("[data-footfall-views]");

show().catch(hide);

async function show() {
  const totals = await fetchTotals(script.dataset.api, script.dataset.prefix ?? "");
  if (list) list.replaceChildren(...Object.entries(totals).slice(0, MOST).map(toEntry));
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

// A page as footfall names it: /blog/articles/a/ and /blog/articles/a/index.html are blog/articles/a.
function pageOf(path) {
  return decodeURIComponent(path).replace(INDEX, "").replace(/^\/+|\/+$/g, "") || "/";
}

// Pages' names come from logs, where strangers may write: they become text and a path of this site, never HTML.
function toEntry([page, views]) {
  const link = document.createElement("a");
  const isFile = /\.html?$/.test(page);
  link.href = page === "/" ? "/" : `/${page.split("/").map(encodeURIComponent).join("/")}${isFile ? "" : "/"}`;
  link.textContent = titleOf(page);
  const entry = document.createElement("li");
  entry.append(link, ` (${views.toLocaleString()})`);
  return entry;
}

// The last part of its path, in words: counting-without-cookies becomes "counting without cookies".
function titleOf(page) {
  return page === "/" ? "Home" : page.split("/").at(-1).replace(/\.html?$/, "").replaceAll(/[-_]/g, " ");
}

function hide(error) {
  console.warn("footfall:", error.message);
  for (const element of [list, counter?.closest("p") ?? counter]) if (element) element.hidden = true;
}
