"""What the server refuses, or does not answer: the dashboard says so in its place, and asks again by itself."""

import re
from collections import Counter
from collections.abc import Iterator
from math import ceil
from typing import Any

import pytest
from playwright.sync_api import Browser, Route

from .browser import NOW, OPEN, Dashboard, count_sample, questions_of, serving, whole


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard over a week of the sample site."""
    with serving(count_sample(tmp_path_factory.mktemp("week"), days=7)) as url:
        yield url


@pytest.fixture
def dashboard(browser: Browser, url: str) -> Iterator[Dashboard]:
    """The dashboard, before it is opened."""
    dashboard = Dashboard(browser, url)
    yield dashboard
    dashboard.context.close()


Refusal = dict[str, Any]
BUSY: Refusal = {"status": 503, "json": {"error": "the store is busy; ask again in a moment"}, "headers": {"Retry-After": "1"}}
# As API Gateway's throttle says it, and as it fails itself.
THROTTLED: Refusal = {"status": 429, "json": {"message": "Too Many Requests"}}
BROKEN: Refusal = {"status": 500, "json": {"message": "Internal Server Error"}}
LOST: Refusal = {}


def refuse(dashboard: Dashboard, times: int, answer: Refusal = BUSY, pattern: str = "") -> Counter[str]:
    """Refuse each kind of request so often; says how often each was sent. What the API itself does has its own tests."""
    sent = Counter[str]()

    def meet(route: Route) -> None:
        kind = "numbers" if "stats" in route.request.url else "what there is"
        sent[kind] += 1
        if sent[kind] > times:
            route.continue_()
        elif not answer:
            route.abort()
        else:
            route.fulfill(**answer)

    dashboard.page.route(re.compile(f"/api/v1/.*{pattern}"), meet)
    return sent


@pytest.mark.parametrize("answer", [BUSY, THROTTLED, BROKEN, LOST], ids=["busy", "throttled", "broken", "lost"])
def test_what_was_refused_is_asked_for_again_by_itself(answer, dashboard):
    sent = refuse(dashboard, times=2, answer=answer)

    dashboard.page.goto(dashboard.url)

    assert whole(dashboard.page) == len(OPEN)
    assert answer is BROKEN or sent == {"what there is": 3, "numbers": 3}


def test_what_is_too_much_for_one_request_is_asked_for_in_several(dashboard):
    sizes: list[int] = []

    def meet(route: Route) -> None:
        sizes.append(len(questions_of(route.request.url)))
        if sizes[-1] > 3:
            route.fulfill(status=503, json={"message": "Service Unavailable"})  # a function that took too long
        else:
            route.continue_()

    dashboard.page.route("**/api/v1/**", meet)

    dashboard.page.goto(dashboard.url)

    assert whole(dashboard.page) == len(OPEN)
    # Cards, graph, annotations, status, and two of people and machines, whose third is the graph's.
    parts = len(OPEN) + 6
    assert sizes[:3] == [2, parts, ceil(parts / 2)]
    assert sum(size for size in sizes[1:] if size <= 3) == parts


def test_each_part_says_in_its_place_that_it_could_not_be_loaded(dashboard):
    refuse(dashboard, times=1, answer=THROTTLED, pattern="stats")

    dashboard.page.goto(dashboard.url)
    dashboard.page.get_by_text("Not read").first.wait_for()
    places = dashboard.page.locator("#cards, #panel-history, #panel-kinds, .tabpanel:not([hidden])")
    told = [" ".join(text.split()) for text in places.all_inner_texts()]  # at once, as they are soon asked for again
    reach = dashboard.page.locator("#freshness").inner_text()

    again = "Not read: too many requests at once. Retrying automatically. Try again"
    assert [again in text for text in told] == [True] * (len(OPEN) + 3)
    assert reach == "It is not known how far the counts reach"
    assert whole(dashboard.page) == len(OPEN)
    assert "Logs up to" in dashboard.page.locator("#freshness").inner_text()


def test_a_server_is_left_alone_as_long_as_it_wants(dashboard):
    dashboard.page.clock.install(time=NOW)
    sent = refuse(dashboard, times=1, answer={**BUSY, "headers": {"Retry-After": "300"}})

    dashboard.open()
    dashboard.page.clock.run_for(300_000)
    early = sent.total()
    dashboard.page.clock.run_for(1_000)  # and what is left to chance
    dashboard.page.wait_for_function("() => !document.getElementById('numbers').hidden")

    assert early == 1
    assert sent.total() > early


def test_it_is_asked_for_later_each_time_and_never_at_the_same_moment_as_others(dashboard):
    ask = """async (modules) => {
        const { pauseAfter } = await import(`${modules}again.js`);
        return Array.from({ length: 12 }, (_, tries) => Array.from({ length: 50 }, () => pauseAfter(tries)));
    }"""

    pauses = dashboard.open().page.evaluate(ask, dashboard.modules())

    for tries, found in enumerate(pauses):
        most = min(60_000, 1000 * 2**tries)
        assert most / 2 <= min(found) < max(found) <= most, tries
        assert len({*found}) > 25


def test_what_failed_together_waits_for_the_same_moment_that_is_drawn_once(dashboard):
    dashboard.page.clock.install(time=NOW)
    ask = """async (modules) => {
        const { askAgain } = await import(`${modules}again.js`);
        let draws = 0;
        globalThis.retried = 0;
        Math.random = () => (draws += 1) / 100;
        for (let part = 0; part < 10; part += 1) askAgain(() => (retried += 1));
        return draws;
    }"""

    draws = dashboard.open().page.evaluate(ask, dashboard.modules())
    dashboard.page.clock.run_for(505)  # half a second, and a hundredth of the other half

    assert draws == 1
    assert dashboard.page.evaluate("retried") == 10


def test_one_part_can_be_asked_for_at_once_and_the_others_come_by_themselves(dashboard):
    refuse(dashboard, times=1, answer={**BUSY, "headers": {"Retry-After": "5"}}, pattern="stats")
    dashboard.page.goto(dashboard.url)

    dashboard.panel("country").get_by_role("button", name="Try again").click()
    dashboard.panel("country").locator("tbody tr").first.wait_for()
    others = [dashboard.panel(panel).locator("tbody tr").count() for panel in OPEN if panel != "country"]

    assert others == [0] * len(others)
    assert whole(dashboard.page) == len(OPEN)


def test_who_goes_on_is_not_asked_for_again(dashboard):
    dashboard.page.clock.install(time=NOW)
    dashboard.open("?period=7d")
    sent = refuse(dashboard, times=1000, pattern="start%3D2026-11-25")
    dashboard.click("Today", within="#choices")
    dashboard.click("90 days", within="#choices")

    dashboard.page.clock.run_for(600_000)

    assert sent == {"numbers": 1}
    assert whole(dashboard.page) == len(OPEN)


def test_more_rows_that_could_not_be_loaded_are_asked_for_again(dashboard):
    dashboard.open()
    refuse(dashboard, times=1, pattern="cursor=")
    shown = len(dashboard.rows("page"))

    dashboard.panel("page").get_by_role("button", name="More").click()
    dashboard.panel("page").get_by_text("Not read: the store is busy").wait_for()

    dashboard.panel("page").locator(f"tbody tr:nth-child({shown + 1})").wait_for()
    assert not dashboard.panel("page").get_by_text("Not read").count()


def test_a_file_that_could_not_be_loaded_can_be_asked_for_again(dashboard):
    dashboard.open("?period=7d")
    refuse(dashboard, times=1, answer=THROTTLED, pattern="format=csv")
    dashboard.panel("bot").get_by_role("button", name="CSV").click()
    dashboard.page.get_by_text("The file was not read: too many requests at once.").wait_for()

    with dashboard.page.expect_download() as download:
        dashboard.page.locator("#notice").get_by_role("button", name="Try again").click()

    assert download.value.suggested_filename.endswith(".csv")
    assert dashboard.notice() == ""


def test_a_style_sheet_that_could_not_be_loaded_is_asked_for_again(dashboard):
    asked: list[str] = []

    def meet(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) < 3:
            route.fulfill(**THROTTLED)
        else:
            route.continue_()

    dashboard.page.route(re.compile(r"\.css"), meet)

    dashboard.open()

    dashboard.page.wait_for_function("() => getComputedStyle(document.querySelector('.skip')).position === 'absolute'")
    assert len(asked) == 3


def test_without_its_script_the_page_says_so_and_can_be_loaded_again(dashboard):
    dashboard.page.route("**/*.js", lambda route: route.fulfill(**THROTTLED))
    dashboard.page.goto(dashboard.url)
    said = dashboard.page.get_by_text("The dashboard's script has not been loaded.")
    said.wait_for()
    dashboard.page.unroute("**/*.js")

    dashboard.page.get_by_role("link", name="Reload the page").click()

    assert whole(dashboard.page) == len(OPEN)
    assert not said.count()


def test_a_store_that_stays_busy_is_told_of(dashboard):
    refuse(dashboard, times=1000)

    dashboard.open()

    assert "The numbers cannot be read: the store is busy; ask again in a moment. Retrying automatically." in dashboard.notice()
    assert not dashboard.page.locator("#numbers").is_visible()
