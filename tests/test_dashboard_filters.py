"""The dashboard's rows, clicked: each chooses what it stands for, and all panels show what the command line says of that."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from .browser import TODAY, count_sample, looking, number, serving
from .builders import ask

PERIOD = ("--start", str(TODAY - timedelta(27)), "--end", str(TODAY))
OF_VIEWS = ("page", "entry", "source", "channel", "referrer", "device", "browser", "system")
OF_REQUESTS = ("bot_class", "bot", "bot_page", "broken_link", "status", "not_found")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    return count_sample(tmp_path_factory.mktemp("filters"))


@pytest.fixture(scope="module")
def url(store: str) -> Iterator[str]:
    with serving(store) as url:
        yield url


@pytest.fixture
def told(store: str) -> Callable[..., dict[str, Any]]:
    def tell(*command: str, filters: tuple[str, ...] = ()) -> dict[str, Any]:
        flags = [flag for each in filters for flag in ("--filter", each)]
        answer: dict[str, Any] = ask(*command, *flags, *PERIOD, "--store", store, "--config", os.devnull, "--json").json
        return answer

    return tell


def test_rows_choose_one_after_the_other_and_chips_take_it_back(look, told):
    dashboard = look()
    filters = ("device=phone", "source=Google")

    dashboard.click("phone", within="#panel-device").click("Google", within="#panel-source")

    assert dashboard.page.locator(".chip bdi").all_text_contents() == ["phone", "Google"]
    assert number(dashboard.cards()["Views"]) == told("history", filters=filters)["total"]
    for panel in OF_VIEWS:
        rows = {row.get("name", row["value"]): row for row in told("top", panel, filters=filters)["rows"]}
        shown = dashboard.rows(panel)
        assert shown == {value: rows[value][told_by(rows[value])] for value in shown}, panel
        assert shown, panel
    assert not any(dashboard.panel(panel).is_visible() for panel in OF_REQUESTS)
    assert "they are counted for the whole site" in dashboard.page.locator("#of-site").inner_text()

    dashboard.click("Show all again, not only Device phone")
    assert dashboard.page.locator(".chip bdi").all_text_contents() == ["Google"]
    assert number(dashboard.cards()["Views"]) == told("history", filters=("source=Google",))["total"]
    dashboard.page.go_back()
    dashboard.settle()
    assert dashboard.page.locator(".chip bdi").all_text_contents() == ["phone", "Google"]
    assert dashboard.page.url.endswith("?filter=device%3Dphone&filter=source%3DGoogle")
    assert dashboard.overflow() == 0


def told_by(row: dict[str, Any]) -> str:
    return "arrivals" if "arrivals" in row else "views"


def test_a_bot_is_looked_at_with_the_pages_that_it_took(look, told):
    dashboard = look()
    bot = next(iter(dashboard.rows("bot")))

    dashboard.panel("bot").locator("a.label", has_text=bot).first.click()
    dashboard.settle()

    cards = dashboard.cards()
    assert number(cards["Requests"]) == told("top", "bot", filters=(f"bot={bot}",))["total"]
    assert not {"Views", "Arrivals", "Visitors"} & cards.keys()
    assert dashboard.page.locator("#title-history").inner_text() == "Requests over time"
    pages = {row["value"]: row["views"] for row in told("top", "bot_page", "--prefix", f"{bot} ")["rows"]}
    assert dashboard.rows("bot_page") == {value: pages[value] for value in dashboard.rows("bot_page")}
    assert not any(dashboard.panel(panel).is_visible() for panel in OF_VIEWS)


def test_a_row_that_is_chosen_or_stands_for_many_does_nothing(look):
    dashboard = look("?filter=device%3Dphone")

    assert dashboard.panel("device").get_by_role("link", name="phone", exact=True).count() == 0
    assert dashboard.panel("browser").locator("a.label").count() == len(dashboard.rows("browser"))


def test_a_store_that_keeps_no_views_answers_one_filter_alone_and_says_so(browser: Browser, store, told, tmp_path):
    config = tmp_path / "footfall.toml"
    config.write_text("keep_views = false\n")
    with serving(store, "--config", str(config)) as url, looking(browser, url) as look:
        dashboard = look()
        dashboard.click("phone", within="#panel-device")

        assert number(dashboard.cards()["Views"]) == told("history", filters=("device=phone",))["total"]
        assert list(dashboard.rows("device")) == ["phone"]
        assert not any(dashboard.panel(panel).is_visible() for panel in OF_VIEWS if panel != "device")
        assert "counts by one thing at a time" in dashboard.page.locator("#of-site").inner_text()
