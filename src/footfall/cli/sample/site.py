"""
A small blog and its requests, generated from the tables below.

All addresses are from the ranges reserved for documentation (RFC 5737, RFC 3849).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from random import Random
from typing import NamedTuple
from urllib.parse import quote
from zlib import crc32

SITE = "www.example.org"
NETWORKS = ("192.0.2.{}", "198.51.100.{}", "203.0.113.{}", "2001:db8:{0:x}::{0:x}")

READERS_A_DAY, GROWTH = 28, 0.5  # at the beginning; growth until the end, as a fraction
WEEKDAYS = (1.0, 1.1, 1.1, 1.0, 0.9, 0.6, 0.7)  # from Monday
HOURS = (2, 2, 1, 1, 2, 3, 5, 8, 10, 11, 11, 10, 9, 11, 12, 12, 11, 10, 9, 10, 10, 8, 5, 3)
# Two thirds through the days, an article goes viral. Extra readers on that day and the next two, as multiples of the usual.
VIRAL, VIRAL_REFERRER = "blog/articles/counting-without-cookies/index.html", "https://news.ycombinator.com/"
VIRAL_DAYS = (11.0, 3.0, 0.5)

ARTICLES = (
    "a-static-site-in-an-afternoon", "counting-without-cookies", "what-a-log-line-says", "why-i-write-plain-html",
    "sqlite-is-enough", "a-bread-oven-from-clay", "the-cost-of-a-small-site", "backups-that-restore",
    "reading-old-code", "tomatoes-on-a-balcony", "a-year-of-notes", "printing-a-web-page",
)  # fmt: skip
# Each page's key, and how popular it is.
PAGES = {"index.html": 25.0, "blog/index.html": 9.0, "about/index.html": 7.0}
PAGES |= {f"blog/articles/{name}/index.html": 26 / rank for rank, name in enumerate(ARTICLES, start=1)}
PAGES |= {f"blog/tags/{name}/index.html": 1.2 for name in ("web", "python", "sqlite", "writing", "garden", "kitchen")}
PAGES |= {f"docs/{name}.html": 2.2 for name in ("overview", "install", "configure", "themes", "deploy", "questions")}
PAGES |= {"projects/garden shed/index.html": 3.0, "recipes/crème-caramel/index.html": 2.5}
ASSETS = ("css/site.css", "js/menu.js", "img/logo.png")

SEARCH_ENGINE = "https://www.google.com/"
REFERRERS = {
    "-": 38.0, SEARCH_ENGINE: 24.0, "https://duckduckgo.com/": 7.0, "https://www.bing.com/": 5.0,
    "https://blog.example.net/links/": 6.0, "https://garden.example/friends": 4.0, "https://chatgpt.com/": 3.0,
}  # fmt: skip
CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) {} Safari/537.36"
SAFARI = "Mozilla/5.0 ({}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 {}"
FIREFOX = "Mozilla/5.0 ({}; rv:145.0) Gecko/20100101 Firefox/145.0"
WINDOWS, MAC, LINUX = "Windows NT 10.0; Win64; x64", "Macintosh; Intel Mac OS X 10_15_7", "X11; Linux x86_64"
PEOPLE = {
    CHROME.format(WINDOWS, "Chrome/142.0.0.0"): 24.0, CHROME.format(MAC, "Chrome/142.0.0.0"): 10.0,
    CHROME.format(LINUX, "Chrome/141.0.0.0"): 5.0, CHROME.format(WINDOWS, "Chrome/142.0.0.0") + " Edg/142.0.0.0": 8.0,
    CHROME.format("Linux; Android 10; K", "Chrome/142.0.0.0 Mobile"): 18.0, SAFARI.format(MAC, "Safari/605.1.15"): 8.0,
    SAFARI.format("iPhone; CPU iPhone OS 18_6 like Mac OS X", "Mobile/15E148 Safari/604.1"): 18.0,
    FIREFOX.format(WINDOWS): 6.0, FIREFOX.format(LINUX): 5.0,
}  # fmt: skip
CRAWLERS = {
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)": 9.0,
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)": 6.0,
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.3; +https://openai.com/gptbot)": 8.0,
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)": 7.0,
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)": 5.0,
    "CCBot/2.0 (https://commoncrawl.org/faq/)": 3.0, "python-requests/2.32.5": 2.0,
}  # fmt: skip
FEEDLY = {"Feedly/1.0 (+http://www.feedly.com/fetcher.html; 7 subscribers)": 1.0}
UPTIME = {"Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)": 1.0}
DEPLOYMENT = {"aws-cli/2.31.10 md/awscrt#0.27.6 ua/2.1 os/linux#6.8.0 lang/python#3.13.7": 1.0}
QUOTING = {'Mozilla/5.0 "the browser" (X11; Linux x86_64) Firefox/145.0': 1.0}

# Requests other than readers' visits: number per day, weighted keys, weighted agents, and other fields.
OTHERS: tuple[tuple[float, dict[str, float], dict[str, float], dict[str, str]], ...] = (
    (45, PAGES, CRAWLERS, {}),
    (4, {"robots.txt": 2.0, "sitemap.xml": 1.0}, CRAWLERS, {}),
    (8, {"feed.xml": 1.0}, FEEDLY, {}),
    (5, {"wp-login.php": 2.0, ".env": 1.0}, PEOPLE, {"answer": "404 NoSuchKey"}),
    (1.5, {"blog/2019/hello.html": 1.0}, PEOPLE, {"answer": "404 NoSuchKey", "referrer": "https://garden.example/"}),
    (1, {"rss": 1.0}, PEOPLE, {"answer": "301 MovedPermanently"}),
    (6, {"index.html": 1.0}, UPTIME, {"operation": "WEBSITE.HEAD.OBJECT"}),
    (1.5, {"files/bread-oven.pdf": 1.0}, PEOPLE, {"answer": "206 -"}),
    (2, PAGES, DEPLOYMENT, {"operation": "REST.PUT.OBJECT"}),
    # S3 logs quotes as they are sent.
    (0.1, PAGES, QUOTING, {}),
    (0.1, PAGES, PEOPLE, {"referrer": 'https://www.google.com/search?q="clay oven"'}),
    (0.1, PAGES, PEOPLE, {"query": '?q="clay"'}),
)


class SampleRequest(NamedTuple):
    """A request of the sample: what varies between records."""

    second: int  # of the day
    address: str
    agent: str
    key: str
    answer: str = "200 -"  # the HTTP status and the error code, as they are logged
    operation: str = "WEBSITE.GET.OBJECT"
    query: str = ""
    referrer: str = "-"

    @property
    def is_of_owner(self) -> bool:
        """Whether the owner made it, through S3's API."""
        return self.operation.startswith("REST.")

    @property
    def size(self) -> int:
        """The size of the object, in bytes."""
        return 2_000 + crc32(self.key.encode()) % 40_000


def requests_of(rng: Random, day: date, number: int, days: int) -> Iterator[SampleRequest]:
    """All requests of a day, unordered."""
    readers = READERS_A_DAY * WEEKDAYS[day.weekday()] * (1 + GROWTH * number / days)
    for _ in range(_about(rng, readers)):
        yield from _visit(rng, pick(rng, PAGES), pick(rng, REFERRERS))
    fame = dict(enumerate(VIRAL_DAYS, start=days * 2 // 3)).get(number, 0)
    for _ in range(_about(rng, readers * fame)):
        yield from _visit(rng, VIRAL, VIRAL_REFERRER)
    for a_day, keys, agents, rest in OTHERS:
        for _ in range(_about(rng, a_day)):
            yield SampleRequest(rng.randrange(86_400), _address(rng), pick(rng, agents), pick(rng, keys), **rest)


def _visit(rng: Random, key: str, referrer: str) -> Iterator[SampleRequest]:
    """Someone reads one or more pages; the browser fetches their assets, or has them from an earlier visit (304)."""
    second = rng.choices(range(24), HOURS)[0] * 3600 + rng.randrange(3600)
    first = SampleRequest(second, _address(rng), pick(rng, PEOPLE), key, "304 -" if rng.random() < 0.2 else "200 -")
    if rng.random() < 0.05 and key.endswith("/index.html"):  # requested without the slash
        yield first._replace(key=key.removesuffix("/index.html"), answer="302 Found", referrer=referrer)
    yield first._replace(referrer=referrer)
    for asset in ASSETS:
        yield first._replace(key=asset, referrer=f"http://{SITE}{path_of(key)}")
    while rng.random() < 0.4 and (second := second + rng.randrange(10, 300)) < 86_400:
        referrer, key = f"http://{SITE}{path_of(key)}", pick(rng, PAGES)
        yield first._replace(second=second, key=key, referrer=referrer)


def path_of(key: str) -> str:
    """The path of a key, as browsers send it."""
    return "/" + quote(key.removesuffix("index.html"))


def _address(rng: Random) -> str:
    return rng.choice(NETWORKS).format(rng.randrange(1, 255))


def pick(rng: Random, weighted: Mapping[str, float]) -> str:
    """A random key, chosen by weight."""
    return rng.choices(list(weighted), list(weighted.values()))[0]


def _about(rng: Random, count: float) -> int:
    """A random whole number around `count`: some days are busier than others."""
    return int(count * rng.uniform(0.85, 1.15) + rng.random())
