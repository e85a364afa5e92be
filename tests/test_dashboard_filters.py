"""The dashboard's rows and tabs, clicked: a row chooses what it stands for, and tabs show what the command line says."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from .browser import TODAY, count_sample, looking, number, queries, serving
from .builders import ask

PERIOD = ("--start", str(TODAY - timedelta(27)), "--end", str(TODAY))
OF_VIEWS = ("page", "entry", "source", "channel", "referrer", "device", "browser", "system")
OF_REQUESTS = ("bot_class", "bot", "bot_page", "broken_link", "download", "status", "not_found")


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
    assert not dashboard.there(OF_REQUESTS)
    assert "they are counted for the whole site" in dashboard.page.locator("#of-site").inner_text()

    dashboard.click("Show all again, not only Device phone")
    assert dashboard.page.locator(".chip bdi").all_text_contents() == ["Google"]
    assert number(dashboard.cards()["Views"]) == told("history", filters=("source=Google",))["total"]
    dashboard.page.go_back()
    dashboard.settle()
    assert dashboard.page.locator(".chip bdi").all_text_contents() == ["phone", "Google"]
    assert "?filter=device%3Dphone&filter=source%3DGoogle" in dashboard.page.url
    assert dashboard.overflow() == 0


def told_by(row: dict[str, Any]) -> str:
    return "arrivals" if "arrivals" in row else "views"


def test_a_bot_is_looked_at_with_the_pages_that_it_took(look, told):
    dashboard = look()
    bot = next(iter(dashboard.rows("bot")))

    dashboard.panel("bot").locator("a.label", has_text=bot).first.click()
    dashboard.settle()

    assert "tab=bot_page" in dashboard.page.url  # which says more about a bot
    cards = dashboard.cards()
    assert number(cards["Requests"]) == told("top", "bot", filters=(f"bot={bot}",))["total"]
    assert not {"Views", "Arrivals", "Visitors"} & cards.keys()
    assert dashboard.page.locator("#title-history").inner_text() == "Requests over time"
    pages = {row["value"]: row["views"] for row in told("top", "bot_page", "--prefix", f"{bot} ")["rows"]}
    assert dashboard.rows("bot_page") == {value: pages[value] for value in dashboard.rows("bot_page")}
    assert not dashboard.there(OF_VIEWS)


def test_a_tab_is_opened_by_click_or_key_stays_in_the_address_and_alone_has_rows(look, told):
    dashboard = look("?period=7d&tab=source&tab=nonsense")
    tabs, keyboard = dashboard.page.locator("#group-sources").get_by_role("tablist", name="Sources"), dashboard.page.keyboard
    steps = dashboard.page.evaluate("history.length")
    tabs.get_by_role("tab", name="Sources", selected=True).focus()
    dashboard.requested.clear()

    keyboard.press("ArrowRight")
    asked_before_enter = len(dashboard.requested)
    keyboard.press("Enter")
    dashboard.panel("referrer").locator("table").wait_for()
    focused = dashboard.page.evaluate("document.activeElement.textContent")
    for key in ("Home", "ArrowLeft"):  # from the first to the last
        keyboard.press(key)
    last = dashboard.page.evaluate("document.activeElement.textContent")
    address = dashboard.page.url
    dashboard.page.locator("#panel-device").get_by_role("link", name="phone").click()
    dashboard.settle()

    assert (asked_before_enter, len(queries(dashboard, "stats/referrer"))) == (0, 2)  # and once more of phones
    assert (focused, last) == ("Referrers", "Tagged")
    assert (tabs.get_by_role("tab").count(), tabs.get_by_role("tab", selected=True).inner_text()) == (5, "Referrers")
    assert tabs.locator("[tabindex='0']").count() == 1
    assert dashboard.page.locator("#group-sources table").count() == 1
    assert address.endswith("?period=7d&tab=nonsense&tab=referrer")
    assert dashboard.page.url.endswith("?period=7d&filter=device%3Dphone&tab=nonsense&tab=referrer")
    assert dashboard.page.evaluate("history.length") == steps + 1


def test_people_and_machines_are_stacked_and_what_ais_took_stands_beside_what_they_gave(look, told):
    dashboard = look()
    classes, views = (told(*command) for command in (("top", "bot_class"), ("history",)))
    of = {row["value"]: row["views"] for row in classes["rows"]}
    of_ai = sum(count for kind, count in of.items() if kind.startswith("AI"))
    sent = told("top", "source", filters=("channel=AI assistants",))
    counts = (views["total"], of["search"], of_ai, sum(of.values()) - of["search"] - of_ai)

    dashboard.page.get_by_text("These numbers as a table").click()
    dashboard.panel("kinds").locator("tbody tr").last.wait_for()
    rows = [
        [number(cell) for cell in row.locator("td").all_text_contents()]
        for row in dashboard.panel("kinds").locator("tbody tr").all()
    ]
    place = dashboard.page.locator(".columns svg").bounding_box()
    dashboard.page.mouse.move(place["x"] + 1, place["y"] + place["height"] - 2)
    tip = dashboard.page.locator(".columns .tip").inner_text().split()
    legend = [number(text) for text in dashboard.panel("kinds").locator(".legend b").all_text_contents()]
    columns = [
        path.count("M")
        for path in dashboard.panel("kinds").locator("path").evaluate_all("all => all.map((path) => path.getAttribute('d'))")
    ]

    assert tuple(legend) == counts == tuple(map(sum, zip(*rows, strict=True)))
    assert [row[0] for row in rows] == [moment["views"] for moment in views["series"]]
    assert columns == [sum(count > 0 for count in kind) for kind in zip(*rows, strict=True)]
    assert [int(word) for word in tip if word.isdigit()][1:] == rows[0]  # after the year
    crawled, came = f"AI crawlers took {of_ai} pages", f"{sent['total']} views came from AI assistants"
    said = dashboard.panel("kinds").locator(".about").inner_text()
    assert said == f"{crawled}; {came}: one for every {round(of_ai / sent['total'])}."
    assert dashboard.rows("ai_source") == {row["value"]: row["views"] for row in sent["rows"]}


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
        assert dashboard.there(OF_VIEWS) == ["device"]
        assert "counts by one thing at a time" in dashboard.page.locator("#of-site").inner_text()
