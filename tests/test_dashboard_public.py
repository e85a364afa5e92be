"""What people without a token see: a public dashboard, and frames and counters on pages of other sites."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame

from .browser import NOW, Dashboard, count_sample, faults, serving
from .builders import ask
from .serving import api_over

ARTICLE = "blog/articles/counting-without-cookies"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    return count_sample(tmp_path_factory.mktemp("public"), days=3)


@pytest.fixture(scope="module")
def url(store: str) -> Iterator[str]:
    """A dashboard that is public, as are the counters of the blog."""
    assert ask("token", "add", "owner", "--store", store, "--config", os.devnull).exit_code == 0
    with serving(store, "--ask-token", "--public", "dashboard,/counter?prefix=blog/") as url:
        yield url


def test_a_public_dashboard_opens_whole_and_asks_nobody_for_a_token(look):
    dashboard = look("?period=7d")
    assert dashboard.rows("page")
    assert dashboard.notice() == ""

    dashboard.click(ARTICLE, within="#panel-page")

    assert dashboard.panel("page_referrer").inner_text().startswith("This is not public: it is for people with a token.")
    assert dashboard.notice() == ""
    assert dashboard.page.locator("dialog[open]").count() == 0
    dashboard.complaints.clear()  # the browser writes down each 401


def test_a_shared_link_shows_its_pages_and_leaves_no_token_in_the_address(browser: Browser, store: str):
    made = ask("token", "add", "shared", "--only", "/blog/", "--store", store, "--config", os.devnull, "--json")
    with serving(store, "--ask-token") as url:
        dashboard = Dashboard(browser, url).open(f"?period=7d#token={made.json['token']}")
        pages, notice, address = dashboard.rows("page"), dashboard.notice(), dashboard.page.url
        dashboard.click("Show all pages")
        again = dashboard.rows("page")
        dashboard.context.close()

    assert pages == again
    assert all(page.startswith("blog/") for page in pages)
    assert (notice, address) == ("", f"{url}?period=7d")
    assert not any("footfall_" in asked for asked in dashboard.requested)


def test_a_token_is_kept_for_the_device_where_its_owner_wants_that(browser: Browser, store: str):
    made = ask("token", "add", "mine", "--store", store, "--config", os.devnull, "--json")
    shared = ask("token", "add", "theirs", "--only", "/blog/", "--store", store, "--config", os.devnull, "--json")
    with serving(store, "--ask-token") as url:
        dashboard = Dashboard(browser, url)
        dashboard.page.goto(url)
        dashboard.page.get_by_role("textbox", name="Token").fill(made.json["token"])
        dashboard.page.get_by_label("Keep it on this device").check()
        dashboard.page.get_by_role("button", name="Show the numbers").click()
        dashboard.settle().page.locator("#panel-page tbody tr").first.wait_for()

        other = dashboard.context.new_page()
        other.goto(url)
        other.locator("#panel-page tbody tr").first.wait_for()
        other.goto(f"{url}#token={shared.json['token']}")  # a link that somebody shared
        other.locator("#panel-page tbody tr").first.wait_for()
        assert other.evaluate("[localStorage.length, sessionStorage.length]") == [1, 1]
        other.get_by_role("button", name="Forget the token").click()
        other.get_by_role("dialog").wait_for()

        assert other.evaluate("localStorage.length + sessionStorage.length") == 0
        dashboard.context.close()


class OtherSite(SimpleHTTPRequestHandler):
    """Files of a folder, without a line on stderr for each."""

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def other_site(folder: Path) -> Iterator[int]:
    """Serves the files of a folder; its port, where it is one site as localhost, and another as 127.0.0.1."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(OtherSite, directory=folder)) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_a_counter_is_shown_by_a_page_of_another_site(browser: Browser, url: str, tmp_path: Path):
    (tmp_path / "index.html").write_text(f'<!doctype html><img src="{url}counter/{ARTICLE}.svg" alt="views">')
    with other_site(tmp_path) as port:
        page = browser.new_context().new_page()
        page.goto(f"http://localhost:{port}/", wait_until="load")  # which is another site than 127.0.0.1
        width, height = page.locator("img").evaluate("image => [image.naturalWidth, image.naturalHeight]")
        page.context.close()

    assert height == 20
    assert 50 < width < 150


# In a frame

# As docs/how-to/embed.md has it; the browser stores nothing for frames of other sites, and says so when it is asked.
PAGE = """<!doctype html><html lang="en"><title>About us</title>
<iframe id="footfall" src="{src}" title="Page views" style="width: 100%; border: 0"></iframe>
<script>
  const frame = document.querySelector("#footfall");
  addEventListener("message", ({ source, data }) => {
    if (source === frame.contentWindow && data.type === "footfall") frame.style.height = `${data.height}px`;
  });
</script>"""
NO_STORAGE = """if (parent !== window) for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });
}"""
IS_AS_HIGH = "width => innerWidth > width - 40 && Math.abs(document.body.getBoundingClientRect().height - innerHeight) <= 1"
IS_DONE = """search => location.search.includes(search) && document.querySelector("#panel-page tbody tr")
    && !document.querySelector("body.waiting, [aria-busy]")"""


class Framing:
    """Pages that frame the dashboard."""

    def __init__(self, browser: Browser, store: str, folder: Path, closed: ExitStack):
        self.store, self.said = store, list[str]()
        self._browser, self._folder, self._closed = browser, folder, closed
        self._port = closed.enter_context(other_site(folder))

    def open(self, host: str, address: str, **settings: Any) -> Frame:
        """The frame of a page of a host, of which localhost is allowed, with what is at that address of the dashboard."""
        origin = f"http://localhost:{self._port}"
        api = self._closed.enter_context(api_over(self.store, asks_token=True, embed_origins=origin, **settings))
        (self._folder / "index.html").write_text(PAGE.replace("{src}", str(api.base_url.join(address))))
        context = self._browser.new_context(viewport={"width": 1000, "height": 700}, locale="en-US", timezone_id="UTC")
        self._closed.callback(context.close)
        context.add_init_script(NO_STORAGE)
        page = context.new_page()
        page.clock.set_fixed_time(NOW)
        page.on("console", lambda said: self.said.append(said.text))
        page.goto(f"http://{host}:{self._port}/", wait_until="load")
        return page.frames[1]


@pytest.fixture
def framing(browser: Browser, store: str, tmp_path: Path) -> Iterator[Framing]:
    with ExitStack() as closed:
        yield Framing(browser, store, tmp_path, closed)


def test_a_page_of_a_named_origin_shows_the_public_dashboard_as_high_as_it_is(framing):
    frame = framing.open("localhost", "embed?period=7d&theme=dark", public="dashboard")
    frame.wait_for_function(IS_DONE, arg="period=7d")
    whole = frame.get_by_role("link", name="Whole dashboard")
    assert whole.get_attribute("href") == "./?period=7d"
    assert frame.locator("#panel-page tbody tr").count() > 2
    assert frame.locator(":is(.skip, .mark, .facts, .files, #group-errors, #keys-dialog):visible").count() == 0
    assert frame.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 23, 26)"  # as the theme is dark

    steps = frame.page.evaluate("history.length")
    frame.get_by_role("link", name="Yesterday", exact=True).click()
    frame.wait_for_function(IS_DONE, arg="period=yesterday")
    frame.locator("body").press("d")  # a key of the whole dashboard's, here of the page around it

    assert "period=yesterday" in frame.url
    assert frame.page.evaluate("history.length") == steps
    for width in (340, 1000):
        frame.page.set_viewport_size({"width": width, "height": 700})
        frame.wait_for_function(IS_AS_HIGH, arg=width)
        assert frame.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
        assert faults(frame) == []


def test_a_frame_shows_what_its_token_is_for_and_asks_nobody_for_one(framing):
    made = ask("token", "add", "framed", "--only", "/blog/", "--store", framing.store, "--config", os.devnull, "--json")
    frame = framing.open("localhost", f"embed?period=7d#token={made.json['token']}")
    frame.wait_for_function(IS_DONE, arg="period=7d")
    whole = frame.get_by_role("link", name="Whole dashboard").get_attribute("href")
    frame.get_by_role("link", name="Today", exact=True).click()
    frame.wait_for_function(IS_DONE, arg="period=today")
    # As going back to the page around it does; without the rows, so that they are waited for.
    frame.evaluate("document.querySelector('#panel-page').remove(); location.reload()")
    frame.wait_for_function(IS_DONE, arg="period=today")
    pages = frame.locator("#panel-page tbody .value bdi").all_text_contents()
    revoked = ask("token", "revoke", "framed", "--store", framing.store, "--config", os.devnull)
    assert revoked.exit_code == 0, revoked
    frame.evaluate("location.reload()")
    frame.locator("#notice:not([hidden])").wait_for()

    assert whole == f"./?period=7d#token={made.json['token']}"
    assert pages
    assert all(name.startswith("blog/") for name in pages)
    assert frame.locator("#notice").inner_text() == "These numbers are not public."
    assert frame.locator("dialog[open]").count() == 0


@pytest.mark.parametrize(
    ("host", "address"), [("127.0.0.1", "embed"), ("localhost", "")], ids=["another origin", "the whole dashboard"]
)
def test_nothing_else_is_shown_in_a_frame(framing, host, address):
    frame = framing.open(host, address, public="dashboard")

    assert frame.url == "chrome-error://chromewebdata/"
    assert any("frame-ancestors" in said or "X-Frame-Options" in said for said in framing.said)
