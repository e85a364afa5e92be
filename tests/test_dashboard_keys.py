"""The dashboard's keys, and what it does by itself: it shows what was counted meanwhile."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from .browser import Dashboard, count_sample, faults, number, queries, serving
from .builders import ask, line, write_log


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    return count_sample(tmp_path_factory.mktemp("keys"), days=3)


@pytest.fixture(scope="module")
def url(store: str) -> Iterator[str]:
    with serving(store) as url:
        yield url


def shown(dashboard: Dashboard) -> dict[str, list[str]]:
    """What the address says."""
    return parse_qs(urlsplit(dashboard.settle().page.url).query)


def test_keys_choose_the_period_and_what_is_compared(look):
    dashboard = look()
    found = {}
    for key in ("d", "W", "m", "y", "l", "ArrowLeft", "ArrowRight", "e", "x"):
        dashboard.page.keyboard.press(key)
        found[key] = shown(dashboard)

    assert [asked.get("period") for asked in found.values()] == [
        ["today"], ["7d"], ["month"], ["year"], ["last-month"], ["2026-09"], ["2026-10"], ["yesterday"], ["yesterday"],
    ]  # fmt: skip
    assert "compare" not in found["e"]
    assert found["x"]["compare"] == ["no"]
    assert dashboard.page.locator("#days").inner_text() == "Tue, Nov 24, 2026"


def test_keys_are_explained_and_can_be_switched_off(look):
    dashboard = look()
    page = dashboard.page
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keys")

    said, found = help_.inner_text(), faults(page)
    help_.get_by_label("Listen to these keys").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("w")

    assert {"12 months", "The period after", "Search for a page"} <= {*said.splitlines()}
    assert found == []
    assert shown(dashboard) == {}
    page.get_by_role("button", name="Keys").click()
    help_.get_by_label("Listen to these keys").check()
    help_.get_by_role("button", name="Close").click()
    page.keyboard.press("w")
    assert shown(dashboard) == {"period": ["7d"]}


def test_keys_are_letters_to_whoever_writes_and_the_graph_keeps_its_own(look):
    dashboard = look()
    page = dashboard.page
    page.keyboard.press("/")
    page.keyboard.type("dw")
    page.wait_for_url("**prefix=dw*")

    page.get_by_role("slider", name="Views over time").focus()
    page.keyboard.press("ArrowLeft")

    assert shown(dashboard) == {"prefix": ["dw"]}


def test_what_is_counted_meanwhile_is_shown_by_itself(browser, tmp_path: Path):
    store = count_sample(tmp_path, days=3)
    with serving(store) as url:
        dashboard = Dashboard(browser, url).open("?period=7d")
        before = number(dashboard.cards()["Views"])
        look_again = "document.dispatchEvent(new Event('visibilitychange'))"  # as when somebody comes back to the tab
        with dashboard.page.expect_response("**/api/v1/dimensions"):
            dashboard.page.evaluate(look_again)
        asked_in_vain = len(queries(dashboard, "stats/total"))
        more = write_log(tmp_path / "more", [line("blog/a/", "2026-11-25 09:59:00", bucket="www.example.org")])
        assert ask("import", more, "--store", store, "--config", os.devnull).exit_code == 0

        dashboard.page.evaluate(look_again)
        dashboard.page.locator("#freshness", has_text="9:59").wait_for()
        after = number(dashboard.settle().cards()["Views"])
        dashboard.context.close()

    assert asked_in_vain == 1  # of the first time
    assert after == before + 1
