"""What the dashboard does when something is missing: the token, the server, the counts, the network."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Route

from .browser import PANELS, Dashboard, count_sample, looking, need_chromium, serving
from .builders import ask, line, name, write_log
from .conftest import free_port


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A week of the sample site."""
    return Path(count_sample(tmp_path_factory.mktemp("week"), days=7).removeprefix("sqlite:"))


@pytest.fixture(scope="module")
def url(counted: Path) -> Iterator[str]:
    """The dashboard over it, for tests that leave the server alone."""
    with serving(f"sqlite:{counted}") as url:
        yield url


def footfall(*command: str | Path):
    return ask(*command, "--config", os.devnull)


@pytest.fixture
def dashboard(browser: Browser, url: str) -> Iterator[Dashboard]:
    """The dashboard, before it is opened."""
    dashboard = Dashboard(browser, url)
    yield dashboard
    dashboard.context.close()


# The token


class Guarded(NamedTuple):
    """A dashboard over an API that asks for a token."""

    url: str
    store: str
    token: str


@pytest.fixture(scope="module")
def guard(counted: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    store = f"sqlite:{shutil.copy(counted, tmp_path_factory.mktemp('guarded'))}"
    token = footfall("token", "add", "reader", "--store", store, "--json").json["token"]
    with serving(store, "--ask-token") as url:
        yield Guarded(url, store, token)


@pytest.fixture
def token(guard: Guarded) -> str:
    return guard.token


@pytest.fixture
def guarded(browser: Browser, guard: Guarded) -> Iterator[Dashboard]:
    """Its page, as it is first opened in a browser."""
    dashboard = Dashboard(browser, guard.url)
    dashboard.page.goto(guard.url)
    yield dashboard
    dashboard.context.close()


def give(dashboard: Dashboard, token: str) -> None:
    dashboard.page.get_by_label("Token", exact=True).fill(token)
    dashboard.page.get_by_role("button", name="Show the numbers").click()


def test_the_token_is_asked_for_once_and_all_is_there(guarded, token, guard):
    give(guarded, token)
    guarded.settle()

    assert guarded.cards()["Views"] == f"{footfall('pages', '--store', guard.store, '--json').json['total']:,}"
    assert not guarded.page.get_by_role("dialog").is_visible()
    assert all(guarded.panel(panel).locator("tbody tr").count() for panel in ("page", "referrer", "bot", "status"))


def test_the_token_is_kept_for_this_tab_only(guarded, token):
    give(guarded, token)
    guarded.settle().open()
    views = guarded.cards()["Views"]

    other = guarded.context.new_page()
    other.goto(guarded.url)

    assert views
    other.get_by_role("dialog", name="A token is needed").wait_for()
    assert guarded.page.evaluate("[...Object.values(localStorage), document.cookie].join('')") == ""


def test_the_token_stands_in_no_address(guarded, token):
    give(guarded, token)
    guarded.settle().click("7 days", within="#choices")

    assert [url for url in [guarded.page.url, *guarded.requested] if token in url] == []


def test_a_wrong_token_is_told_and_asked_for_again(guarded, token):
    give(guarded, token[:-1] + ("a" if token[-1] != "a" else "b"))
    guarded.page.get_by_text("That token was not accepted").wait_for()

    give(guarded, f" {token}\u200b")  # as it may be pasted
    guarded.settle()

    assert guarded.cards()["Views"]


def test_without_a_token_it_says_so_and_can_be_asked_again(guarded, token):
    guarded.page.get_by_role("button", name="Not now").click()
    guarded.settle()
    said = guarded.notice()

    guarded.page.get_by_role("button", name="Enter the token").click()
    give(guarded, token)
    guarded.settle()

    assert "These numbers want a token." in said
    assert guarded.notice() == ""
    assert guarded.cards()["Views"]


def test_the_token_can_be_forgotten(guarded, token):
    give(guarded, token)
    guarded.settle()

    guarded.page.get_by_role("button", name="Forget the token").click()

    guarded.page.get_by_role("dialog", name="A token is needed").wait_for()
    assert guarded.page.evaluate("sessionStorage.length") == 0


def test_what_is_public_is_shown_without_a_token_and_the_rest_says_what_it_needs(browser, guard):
    closed = {"bot", "history"}
    public = ["sites", "dimensions", "status", *(f"stats/{name}" for name in ({"total", *PANELS} - closed))]
    with serving(guard.store, "--ask-token", "--public", ",".join(f"/api/v1/{path}" for path in public)) as url:
        dashboard = Dashboard(browser, url)
        dashboard.page.goto(url)
        dashboard.page.get_by_role("button", name="Not now").click()
        dashboard.settle()
        told = [dashboard.panel(panel).inner_text() for panel in closed]
        shown = {panel for panel in {*PANELS} - closed if "Not read" not in dashboard.panel(panel).inner_text()}
        views = dashboard.cards()["Views"]
        dashboard.page.get_by_role("button", name="Enter the token").click()
        give(dashboard, guard.token)
        dashboard.settle()
        bots = dashboard.rows("bot")
        dashboard.context.close()

    assert shown == {*PANELS} - closed
    assert ["Not read: a token is needed." in text for text in told] == [True, True]
    assert views
    assert bots


# The server


def test_a_server_that_went_away_is_told_and_found_again(browser, counted):
    port = free_port()
    with serving(f"sqlite:{counted}", port=port) as url:
        dashboard = Dashboard(browser, url).open()
        views = dashboard.cards()["Views"]

    dashboard.page.evaluate("() => { globalThis.setTimeout = () => 0; }")  # else it asks again by itself, perhaps sooner
    dashboard.click("7 days", within="#choices")
    said = dashboard.notice()
    told = [dashboard.panel(panel).inner_text() for panel in ("page", "referrer", "status")]

    with serving(f"sqlite:{counted}", port=port):
        dashboard.page.get_by_role("button", name="Try now").click()
        dashboard.settle()
        again = dashboard.click("28 days", within="#choices").cards()["Views"]
        notice = dashboard.notice()
    dashboard.context.close()
    assert "The server cannot be reached." in said
    away = "Not read: the server cannot be reached. Retrying automatically. Try again"
    assert all(away in " ".join(text.split()) for text in told)
    assert (again, notice) == (views, "")


def test_a_server_that_went_away_is_asked_again_by_itself(browser, counted):
    port = free_port()
    with serving(f"sqlite:{counted}", port=port) as url:
        dashboard = Dashboard(browser, url).open()
    dashboard.click("7 days", within="#choices")

    with serving(f"sqlite:{counted}", port=port):
        dashboard.page.locator("#notice").wait_for(state="hidden", timeout=120_000)
        dashboard.settle()
        rows = dashboard.rows("page")
    dashboard.context.close()
    assert rows


def hold(dashboard: Dashboard, pattern: str) -> list[Route]:
    """Requests that match are held back, as a slow line does, until the test lets them go on."""
    held: list[Route] = []
    dashboard.page.route(re.compile(pattern), lambda route: held.append(route))
    return held


def test_while_it_reads_it_shows_that_it_does_and_says_so_when_it_takes_long(dashboard):
    held = hold(dashboard, "/api/v1/batch.*stats")
    dashboard.page.goto(dashboard.url)
    dashboard.page.locator("#panel-device .ghost").first.wait_for()

    dashboard.page.get_by_text("Still reading.").wait_for()
    busy = dashboard.panel("device").get_attribute("aria-busy")
    held[0].continue_()
    dashboard.settle()

    assert busy == "true"
    assert dashboard.rows("device")
    assert dashboard.notice() == ""


def test_who_goes_on_is_not_overtaken_by_an_earlier_answer(dashboard):
    dashboard.open("?period=7d")
    today = "/api/v1/batch.*start%3D2026-11-25"
    held = hold(dashboard, today)
    seen = dashboard.cards()
    with dashboard.page.expect_request(re.compile(today)):
        dashboard.page.locator("#choices").get_by_role("link", name="Today").click()

    dashboard.page.go_back()
    dashboard.settle()
    for route in held:
        route.continue_()
        route.request.response()  # it came, or the page had given it up
    dashboard.drawn()

    assert held
    assert dashboard.cards() == seen


def test_offline_the_numbers_stay_with_the_time_that_they_are_from(dashboard):
    dashboard.open()
    rows = dashboard.rows("page")

    dashboard.context.set_offline(True)
    dashboard.page.get_by_text("You are offline. These numbers are from 10:00").wait_for()
    kept = dashboard.rows("page")
    dashboard.context.set_offline(False)
    dashboard.page.locator("#notice").wait_for(state="hidden")

    assert kept == rows


# Nothing there


def test_where_nothing_is_counted_it_says_how_to_begin(browser, tmp_path):
    write_log(tmp_path / "logs", [])
    assert footfall("import", tmp_path / "logs", "--store", f"sqlite:{tmp_path}/footfall.db").exit_code == 0

    with serving(f"sqlite:{tmp_path}/footfall.db") as url, looking(browser, url) as look:
        said = look().notice()

    assert said.startswith("Nothing is counted yet")
    assert "footfall import FOLDER" in said


def test_pages_without_views_are_told_as_such(look):
    assert "No views in this period." in look("?prefix=nobody/").panel("history").inner_text()


def test_a_period_without_logs_is_told_as_one(look):
    dashboard = look("?period=2025-01")

    cards, history = dashboard.cards(), dashboard.panel("history").inner_text()
    told = [dashboard.panel(panel).locator(".empty").inner_text() for panel in ("page", "referrer", "bot", "not_found")]

    assert (cards["Views"], dashboard.below("Views")) == ("0", [])
    assert "There are no logs before Nov 19. Show the first days." in history
    assert told == [
        "Nothing in this period.",
        "Nothing in this period.",
        "No requests from bots in this period.",
        "No requests for missing pages in this period.",
    ]


def test_what_no_log_has_told_yet_is_no_zero(browser, tmp_path):
    write_log(tmp_path / "logs", [line(at="2026-11-20 08:00:00")])
    footfall("import", tmp_path / "logs", "--store", f"sqlite:{tmp_path}/footfall.db")

    with serving(f"sqlite:{tmp_path}/footfall.db") as url, looking(browser, url) as look:
        dashboard = look("?period=today")
        said = dashboard.panel("history").inner_text()
        point = dashboard.page.get_by_role("slider").get_attribute("aria-valuetext")

    assert "No logs of this period have come yet." in said
    assert "no logs yet" in str(point)


def test_a_page_that_nobody_viewed_is_told_with_what_was_perhaps_meant(dashboard):
    dashboard.open("?page=abuot")

    assert "did you mean about?" in dashboard.panel("history").inner_text()


def test_a_page_whose_views_are_not_kept_has_days_but_no_hours_and_no_referrers(browser, tmp_path):
    write_log(tmp_path / "logs", [line(at="2026-11-25 08:00:00"), line(at="2026-11-25 09:00:00")])
    footfall("import", tmp_path / "logs", "--store", f"sqlite:{tmp_path}/footfall.db", "--keep-views", "no")

    with serving(f"sqlite:{tmp_path}/footfall.db") as url:
        dashboard = Dashboard(browser, url).open("?period=today&page=blog%2Fa")
        said, referrers = dashboard.graph(), dashboard.panel("page_referrer").inner_text()
        dashboard.context.close()

    assert [text.split("; ")[0] for text in said] == ["Wed, Nov 25, 2026: 2 views, not complete yet"]
    assert "No views of this page are kept for this period" in referrers


def test_several_sites_are_looked_at_one_at_a_time(browser, tmp_path):
    store, item = f"sqlite:{tmp_path}/footfall.db", '{ PageName = "{site}/{page}", SortKey = "{epoch}#{request_id}" }'
    lines = [line(at="2026-11-24 08:00:00"), *[line("b/", at="2026-11-24 08:00:00", bucket="other.example") for _ in range(2)]]
    write_log(tmp_path / "logs", lines, name(1))
    assert footfall("import", tmp_path / "logs", "--store", store, "--item", item).exit_code == 0

    with serving(store) as url, looking(browser, url) as look:
        dashboard = look()
        first = dashboard.rows("page")
        dashboard.page.get_by_label("Site", exact=True).select_option("www.example.com")
        dashboard.settle()
        second = dashboard.rows("page")
        address = dashboard.page.url

    assert (first, second) == ({"b": 2}, {"blog/a": 1})
    assert address.endswith("?site=www.example.com")


# Without a browser


def test_without_a_browser_the_tests_say_how_to_get_one_and_fail_where_it_is_required(monkeypatch):
    monkeypatch.setattr("tests.browser.CHROMIUM", Path("/nowhere/chromium"))

    monkeypatch.setenv("FOOTFALL_REQUIRE", "node")
    with pytest.raises(pytest.skip.Exception, match="chromium is missing; apt-get install chromium"):
        need_chromium()

    monkeypatch.setenv("FOOTFALL_REQUIRE", "node,chromium")
    with pytest.raises(pytest.fail.Exception, match="chromium is missing; apt-get install chromium"):
        need_chromium()
