"""The pages of examples/, in a real browser, beside a real API of another origin."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .builders import ask, line, write_log
from .conftest import ROOT
from .serving import api_over

PAGE = "/blog/articles/a/index.html"
LINES = [
    *(line("blog/articles/a/") for _ in range(3)),
    *(line("blog/articles/on-bread_and-ovens/") for _ in range(5)),
    line("blog/%253Cimg%2520src%253Dx%2520onerror%253Dalert(1)%253E/"),
    line("blog/caf%25C3%25A9.html"),
    line("drafts/secret/"),
]


# Of pages beside the one that has the list.
HEADS = {
    "blog/articles/on-bread_and-ovens/index.html": "<title>\n  Bread &amp; ovens | Blog</title>",
    "blog/café.html": '<title>Café | Blog</title><meta property="og:title" content="At the café: a &quot;story&quot;">',
    "blog/untitled.html": "",
}
RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Blog</title>
<item><media:title>A picture</media:title><title><![CDATA[Bread & <ovens>]]></title>
<link>https://www.example.org/blog/articles/on-bread_and-ovens/</link></item></channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title><entry>
<link rel="self" href="/feed/1"/><link rel="alternate" href="/blog/articles/on-bread_and-ovens/index.html"/>
<title type="html">Bread &amp;amp; &lt;i onclick="x"&gt;&amp;lt;ovens&amp;gt;&lt;/i&gt;</title></entry></feed>"""
JSON_FEED = """{"version": "https://jsonfeed.org/version/1.1", "items": [{"title": "Bread & <ovens>",
"url": "https://www.example.org/blog/articles/on-bread_and-ovens.html"}]}"""


class _Blog(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def blog(folder: Path) -> Iterator[str]:
    """A blog with the example in a post; its origin."""
    post = folder / PAGE.strip("/")
    post.parent.mkdir(parents=True, exist_ok=True)
    post.write_bytes((ROOT / "examples/popular.html").read_bytes())
    (folder / "popular.js").write_bytes((ROOT / "examples/popular.js").read_bytes())
    for path, head in HEADS.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"<!doctype html><html><head>{head}</head><body><title>of a picture</title></body></html>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Blog, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def titles_of(folder: Path) -> str:
    """What examples/titles.py prints about the site in a folder."""
    command = [sys.executable, str(ROOT / "examples/titles.py"), str(folder), "--without", " | Blog"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, env={"PYTHONUTF8": "1"})
    assert "untitled" not in done.stdout
    return done.stdout


@contextmanager
def shown(browser: Browser, folder: Path, *, may_read: bool = True, titles: str = "", **flags: Any) -> Iterator[Page]:
    """The post as a reader sees it, whose browser may read the answers or not."""
    store = f"sqlite:{folder}/counts.db"
    ask("import", write_log(folder, LINES), "--store", store)
    with blog(folder / "blog") as origin:
        (folder / "blog/titles.json").write_text(titles or titles_of(folder / "blog"), "utf-8")
        if may_read:
            flags["cors_origins"] = origin
        with api_over(store, asks_token=True, **flags) as api:
            post = folder / "blog" / PAGE.strip("/")
            post.write_text(post.read_text("utf-8").replace("http://127.0.0.1:8080", str(api.base_url).rstrip("/")), "utf-8")
            page = browser.new_page()
            page.goto(f"{origin}{PAGE}")
            yield page
            page.close()


def test_it_shows_popular_posts_and_how_often_this_one_was_read(browser: Browser, tmp_path: Path) -> None:
    with shown(browser, tmp_path, public="/pagetotals?prefix=blog/") as page:
        expect(page.locator("[data-footfall-views]")).to_have_text("3")
        assert page.locator("li").all_text_contents() == [
            "Bread & ovens (5)", "A blog with its counts (3)", "<img src=x onerror=alert(1)> (1)",
            'At the café: a "story" (1)',
        ]  # fmt: skip
        assert page.locator("img").count() == 0
        assert [link.get_attribute("href") for link in page.locator("li a").all()] == [
            "/blog/articles/on-bread_and-ovens/", "/blog/articles/a/", "/blog/%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E/",
            "/blog/caf%C3%A9.html",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("titles", "first"),
    [*((feed, "Bread & <ovens> (5)") for feed in (RSS, ATOM, JSON_FEED)), ("<broken", "on bread and ovens (5)")],
    ids=["RSS", "Atom", "JSON Feed", "neither"],
)
def test_titles_come_from_a_feed_too_or_else_from_the_path(browser, tmp_path, titles, first) -> None:
    with shown(browser, tmp_path, titles=titles, public="/pagetotals?prefix=blog/") as page:
        expect(page.locator("[data-footfall-views]")).to_have_text("3")
        assert page.locator("li").all_text_contents()[:2] == [first, "a (3)"]
        assert page.locator("i").count() == 0


@pytest.mark.parametrize(("may_read", "public"), [(False, "/pagetotals?prefix=blog/"), (True, "")])
def test_it_shows_nothing_where_it_may_not_ask(browser: Browser, tmp_path: Path, may_read: bool, public: str) -> None:
    with shown(browser, tmp_path, may_read=may_read, public=public) as page:
        expect(page.locator("[data-footfall-popular]")).to_be_hidden()
        expect(page.locator("main p")).to_be_hidden()
        expect(page.locator("h1")).to_be_visible()
