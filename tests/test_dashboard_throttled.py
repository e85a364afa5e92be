"""How much the dashboard asks for, and that tabs which are opened at once end up whole under a throttle like API Gateway's."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from footfall.api import make_app
from footfall.settings import load_settings

from .browser import NOW, OPEN, count_sample, whole
from .conftest import ROOT
from .serving import serving

TABS = 4


class Throttle:
    """
    Stands before an application as API Gateway does: so many requests at once, and so many more each second; the rest gets 429.
    """

    def __init__(self, app: Any, at_once: int, a_second: int, only: str = "/", now: Callable[[], float] = monotonic):
        """Those to other paths than `only` and below are let through."""
        self._app, self._at_once, self._a_second, self._only, self._now = app, at_once, a_second, only, now
        self._left, self._at = float(at_once), now()
        self.passed: list[str] = []
        self.refused: list[str] = []
        """The paths of requests, in order."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app if self._lets_through(scope["path"]) else JSONResponse({"message": "Too Many Requests"}, 429)
        await app(scope, receive, send)

    def _lets_through(self, path: str) -> bool:
        if not path.startswith(self._only):
            return True
        now = self._now()
        self._left, self._at = min(self._at_once, self._left + (now - self._at) * self._a_second), now
        is_through = self._left >= 1
        self._left -= is_through
        (self.passed if is_through else self.refused).append(path)
        return is_through


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The counts of a week of the sample site."""
    return count_sample(tmp_path_factory.mktemp("week"), days=7)


@contextmanager
def throttled(store: str, **limits: Any) -> Iterator[tuple[str, Throttle]]:
    """The dashboard behind a throttle: its address, and the throttle."""
    throttle = Throttle(make_app(load_settings(None, {"store": store}, {}), asks_token=False), **limits)
    with serving(throttle) as client:
        yield str(client.base_url), throttle


@pytest.fixture
def tabs(browser: Browser) -> Iterator[BrowserContext]:
    """A browser without a past."""
    context = browser.new_context()
    yield context
    context.close()


def open_tab(context: BrowserContext, url: str) -> Page:
    """A tab that begins to load the dashboard."""
    page = context.new_page()
    page.clock.set_fixed_time(NOW)
    page.goto(url, wait_until="commit")
    return page


def test_a_first_visit_is_five_requests_and_the_next_asks_for_the_page_and_the_numbers(tabs, store):
    with throttled(store, at_once=1000, a_second=1000) as (url, throttle):
        visits = []
        for _ in range(2):
            page = open_tab(tabs, url)
            assert whole(page) == len(OPEN)
            visits.append([re.sub("-[0-9a-f]{16}", "", path) for path in throttle.passed])
            throttle.passed.clear()

        page.locator("#choices").get_by_role("link", name="7 days").click()
        assert whole(page) == len(OPEN)

    assert visits[0] == ["/", "/assets/dashboard.css", "/assets/dashboard.js", "/api/v1/batch", "/api/v1/batch"]
    assert visits[1] == ["/", "/api/v1/batch", "/api/v1/batch"]
    assert throttle.passed == ["/api/v1/batch"]


def deployed_limits() -> dict[str, int]:
    """Those of serverless.yml."""
    found = re.search(r"ThrottlingRateLimit: (\d+), ThrottlingBurstLimit: (\d+)", (ROOT / "serverless.yml").read_text("utf-8"))
    assert found
    return {"a_second": int(found[1]), "at_once": int(found[2])}


def test_four_tabs_that_are_opened_at_once_are_whole_under_the_limits_of_the_deployment(tabs, store):
    with throttled(store, **deployed_limits()) as (url, throttle):
        opened = [open_tab(tabs, url) for _ in range(TABS)]

        assert [whole(page) for page in opened] == [len(OPEN)] * TABS

    assert throttle.refused == []
    assert len(throttle.passed) <= TABS * 5


def test_four_tabs_that_are_opened_at_once_are_whole_where_every_second_question_is_refused(tabs, store):
    half_a_second = count(
        step=0.5
    ).__next__  # from one question to the next, so that it does not matter how busy the machine is
    with throttled(store, at_once=1, a_second=1, only="/api/", now=half_a_second) as (url, throttle):
        opened = [open_tab(tabs, url) for _ in range(TABS)]

        assert [whole(page) for page in opened] == [len(OPEN)] * TABS

    assert len(throttle.passed) == TABS * 2
    assert len(throttle.refused) in (TABS * 2 - 1, TABS * 2)
