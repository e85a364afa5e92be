"""A real browser at a real dashboard: what the tests see of it, and do to it."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Frame, Locator, Page, sync_playwright

from footfall.cli.sample import write_sample_logs

from .builders import FOOTFALL, ask, clean_environment
from .conftest import free_port, required, served

CHROMIUM = Path("/usr/bin/chromium")
# Else each page comes with two more, hidden ones, for the address bar that nobody sees: half of the processor time.
WITHOUT = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess")
NOW = "2026-11-25T10:00:00Z"  # where the browser's clock stands still, so that a test may last beyond midnight
TODAY = date.fromisoformat(NOW[:10])
WINDOW: Any = {"width": 1440, "height": 900}
# Writes down what the graph says; to ask after each key takes three times as long.
LISTEN = """graph => {
    graph.said = [];
    graph.listener = new MutationObserver(() => graph.said.push(graph.getAttribute("aria-valuetext")));
    graph.listener.observe(graph, { attributeFilter: ["aria-valuetext"] });
}"""
AXE = Path(__file__).parents[1] / "node_modules/axe-core/axe.min.js"
ASSETS = Path(__file__).parents[1] / "src/footfall/dashboard/assets"
# Every part has its numbers, and nothing is being asked for.
IS_WHOLE = """() => {
    const isOpen = document.querySelector("body.waiting, [aria-busy], #numbers .failed, #notice:not([hidden])");
    const reach = document.querySelector("#freshness").textContent;
    return !isOpen && reach.startsWith("Logs up to") && document.querySelectorAll("#panels .body > :is(table, .empty)").length;
}"""
# Each by the name of its dimension.
PANELS = (
    "page", "entry", "source", "channel", "referrer", "campaign", "campaign_source", "country", "device", "browser", "system",
    "bot_class", "bot", "bot_page", "broken_link", "download", "status", "not_found",
)  # fmt: skip

OPEN = ("page", "channel", "country", "device", "bot", "ai_source", "status")  # whose tabs are open at first


def need_chromium() -> None:
    """Skip, or fail, without a browser."""
    required("chromium", CHROMIUM.exists(), "apt-get install chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser; the sandbox wants rights that a container seldom has, and nothing but our own pages is opened."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", f"--disable-features={','.join(WITHOUT)}"]
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        yield browser
        browser.close()


def count_sample(folder: Path, days: int = 90) -> str:
    """Count the sample site, whose last day is not complete, in a store below a folder; its URL."""
    write_sample_logs(folder / "logs", TODAY, days, until=datetime.fromisoformat(NOW))
    store = f"sqlite:{folder}/footfall.db"
    answer = ask("import", folder / "logs", "--store", store, "--config", os.devnull)
    assert answer.exit_code == 0, answer
    return store


@contextmanager
def serving(store: str, *arguments: str, port: int | None = None, footfall: Sequence[str] = tuple(FOOTFALL)) -> Iterator[str]:
    """`footfall serve` over a store; the dashboard's address."""
    port = port or free_port()
    command = [*footfall, "serve", "--port", str(port), "--store", store, "--config", os.devnull, *arguments]
    with served(command, f"http://127.0.0.1:{port}/healthz", clean_environment()):
        yield f"http://127.0.0.1:{port}/"


def new_page(browser: Browser, **context: Any) -> Page:
    """A page in a context of its own, whose clock stands still."""
    page = browser.new_context(**{"viewport": WINDOW, "locale": "en-US", "timezone_id": "UTC", **context}).new_page()
    page.clock.set_fixed_time(NOW)
    return page


class Dashboard:
    """The page, as somebody sees it who looks and clicks: in a context of its own, or in a page that is given."""

    def __init__(self, browser: Browser, url: str, page: Page | None = None, **context: Any):
        self.url = url
        self.page = page or new_page(browser, **context)
        self.context = self.page.context
        self.complaints: list[str] = []
        """What the console has of warnings and errors."""
        self.requested: list[str] = []
        self._listeners: dict[Any, Callable[[Any], None]] = {
            "console": self._hear,
            "pageerror": lambda error: self.complaints.append(str(error)),
            "request": lambda request: self.requested.append(request.url),
        }
        for event, listener in self._listeners.items():
            self.page.on(event, listener)

    def open(self, query: str = "") -> "Dashboard":
        """Load the page anew."""
        self.page.goto(f"{self.url}{query}")
        return self.settle()

    def leave(self) -> Page:
        """The page as if nobody had been there, for the next one: a new one takes twice the processor time of opening it."""
        for event, listener in self._listeners.items():
            self.page.remove_listener(event, listener)
        self.page.unroute_all()
        self.page.route(f"{self.url}nothing", lambda route: route.fulfill(body="", content_type="text/html"))
        self.page.goto(f"{self.url}nothing")
        self.page.unroute_all()
        self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        self.context.clear_cookies()
        self.page.set_viewport_size(WINDOW)
        devtools = self.context.new_cdp_session(self.page)
        for command in ("Network.clearBrowserCache", "Page.resetNavigationHistory"):
            devtools.send(command)
        devtools.detach()
        return self.page

    def modules(self) -> str:
        """Where the page can import the dashboard's modules from one by one, as they are in the sources."""
        where = f"{self.url}modules/"
        self.page.route(f"{where}*", lambda route: route.fulfill(path=ASSETS / Path(urlsplit(route.request.url).path).name))
        return where

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type in ("warning", "error"):
            self.complaints.append(said.text)

    def settle(self) -> "Dashboard":
        """Wait until all that was asked is there, or failed."""
        self.page.wait_for_selector("body:not(.waiting)", state="attached")
        return self

    def click(self, name: str, role: Any = "link", within: str = "body") -> "Dashboard":
        """Click what bears that name; behind a tab, with it open."""
        place = self.panel(within.removeprefix("#panel-")) if within.startswith("#panel-") else self.page.locator(within)
        place.get_by_role(role, name=name, exact=True).click()
        return self.settle()

    def panel(self, name: str) -> Locator:
        """A part of the page, or what is behind the tab of a dimension, which it opens."""
        tab = self.page.locator(f"#tab-{name}:visible")
        if tab.count() and tab.get_attribute("aria-selected") != "true":
            tab.click()
            self.page.wait_for_selector(f"#panel-{name}:not([hidden], [aria-busy])")
        return self.page.locator(f"#panel-{name}")

    def there(self, names: Iterable[str]) -> list[str]:
        """Those dimensions that a tab, or the heading of a panel without tabs, leads to."""
        return [name for name in names if self.page.locator(f"#tab-{name}:visible, #panel-{name}:visible").count()]

    def rows(self, name: str) -> dict[str, int]:
        """The values and numbers behind a tab, in order."""
        return dict(zip(self._texts(name, ".value bdi"), map(number, self._texts(name, "td.views")), strict=True))

    def befores(self, name: str) -> list[int]:
        """The numbers of the period before, which the column of changes tells when it is pointed at."""
        titles = self.panel(name).locator("td.change").evaluate_all("cells => cells.map(cell => cell.title)")
        return [number(title.split()[0]) for title in titles]

    def _texts(self, name: str, selector: str) -> list[str]:
        return self.panel(name).locator(f"tbody {selector}").all_text_contents()

    def show_all_rows(self, name: str) -> None:
        """Press More as long as there is more."""
        more = self.panel(name).get_by_role("button", name="More", exact=True)
        while more.count():
            shown = len(self.rows(name))
            more.click()
            self.panel(name).locator(f"tbody tr:nth-child({shown + 1})").wait_for()

    def cards(self) -> dict[str, str]:
        """What the cards say, by their names."""
        names = self.page.locator(".card dt").all_text_contents()
        return dict(zip(names, self.page.locator(".card dd:nth-of-type(1)").all_text_contents(), strict=True))

    def below(self, card: str) -> list[str]:
        """What stands below the number of a card: how that changed, where it is said, and then a fact."""
        name = self.page.locator("dt", has_text=re.compile(f"^{card}$"))
        lines = self.page.locator(".card", has=name).locator("dd:not(:nth-of-type(1))").all_inner_texts()
        return [" ".join(line.split()) for line in lines]

    def compared(self) -> str:
        """What the head says of the comparison."""
        return " ".join(self.page.locator("label", has_text="Compare").inner_text().split())

    def graph(self) -> list[str]:
        """What each point of the graph says, asked by the keyboard from the first to the last."""
        graph = self.page.get_by_role("slider", name=re.compile("^[A-Z][a-z]+ over time$"))
        graph.focus()
        graph.evaluate(LISTEN)
        last = int(str(graph.get_attribute("aria-valuemax")))
        for key in ("Home", *["ArrowRight"] * last):
            self.page.keyboard.press(key)
        said: list[str] = graph.evaluate("graph => { graph.listener.disconnect(); return graph.said; }")
        return said

    def notice(self) -> str:
        """What is told across the page."""
        return self.page.locator("#notice").inner_text() if self.page.locator("#notice").is_visible() else ""

    def resize(self, width: int, height: int = 900) -> None:
        """Gives the window that size, and waits until the page has been laid out and drawn in it."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.wait_for_function("width => innerWidth === width", arg=width)
        self.drawn()

    def drawn(self) -> None:
        """Waits until what has changed is drawn."""
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        found: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return found

    def hosts(self) -> set[str]:
        """All that were asked for anything."""
        return {urlsplit(url).netloc for url in self.requested if not url.startswith("blob:")}


def whole(page: Page, patience: float = 120) -> int:
    """Waits for a page to be whole, within seconds; how many panels were answered."""
    return int(page.wait_for_function(IS_WHOLE, timeout=patience * 1000).json_value())


Opener = Callable[..., Dashboard]


# Pages of the usual context that nobody looks at just now. A test that does more than to look, as with routes, scripts or the
# clock, has a Dashboard of its own.
_LEFT: dict[Browser, list[Page]] = {}


@contextmanager
def looking(browser: Browser, url: str) -> Iterator[Opener]:
    """Opens dashboards at `url`; in the end the console had no complaint, and nobody else was asked for anything."""
    opened: list[Dashboard] = []
    unusual: list[Dashboard] = []
    left = _LEFT.setdefault(browser, [])

    def look(query: str = "", **context: Any) -> Dashboard:
        page = left.pop() if left and not context else None
        opened.append(Dashboard(browser, url, page, **context))
        if context:
            unusual.append(opened[-1])
        return opened[-1].open(query)

    yield look
    for dashboard in opened:
        if dashboard in unusual:
            dashboard.context.close()
        else:
            left.append(dashboard.leave())
    assert [complaint for dashboard in opened for complaint in dashboard.complaints] == []
    assert {host for dashboard in opened for host in dashboard.hosts()} <= {urlsplit(url).netloc}


def faults(page: Page | Frame) -> list[str]:
    """What axe-core finds, of any weight: rule, element, and what would be right."""
    required("node", AXE.exists(), "npm ci --ignore-scripts brings axe-core")
    page.evaluate(AXE.read_text("utf-8"))
    result = page.evaluate("axe.run({ resultTypes: ['violations'] })")  # of what is well, it then lists one example alone
    return [
        f"{fault['impact']} {fault['id']}: {node['html'][:120]}" for fault in result["violations"] for node in fault["nodes"]
    ]


def number(text: str) -> int:
    """`1,234` as it is written in the United States."""
    return int(text.replace(",", ""))


def queries(dashboard: Dashboard, path: str) -> Sequence[str]:
    """The questions that were asked of a path of the API, alone or with others."""
    asked = [question for url in dashboard.requested for question in questions_of(url)]
    return [question for question in asked if question.partition("?")[0] == path]


def questions_of(url: str) -> Sequence[str]:
    """The questions of a request, as they are below /api/v1/."""
    parts = urlsplit(url)
    path = parts.path.removeprefix("/api/v1/")
    return parse_qs(parts.query)["ask"] if path == "batch" else [f"{path}?{parts.query}"]
