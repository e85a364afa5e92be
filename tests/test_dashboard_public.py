"""What people without a token see: a public dashboard, and counters on pages of other sites."""

import os
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser

from .browser import Dashboard, count_sample, serving
from .builders import ask

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


def test_a_counter_is_shown_by_a_page_of_another_site(browser: Browser, url: str, tmp_path: Path):
    (tmp_path / "index.html").write_text(f'<!doctype html><img src="{url}counter/{ARTICLE}.svg" alt="views">')
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=tmp_path)) as server:
        Thread(target=server.serve_forever).start()
        page = browser.new_context().new_page()
        page.goto(f"http://localhost:{server.server_port}/", wait_until="load")  # which is another site than 127.0.0.1
        width, height = page.locator("img").evaluate("image => [image.naturalWidth, image.naturalHeight]")
        page.context.close()
        server.shutdown()

    assert height == 20
    assert 50 < width < 150
