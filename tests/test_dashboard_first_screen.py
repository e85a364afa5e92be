"""The first screen has data, and days before a site's first log are left out: in a real browser."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import pytest

from footfall.reports.period import Period, previous

from .browser import Dashboard, Opener, looking, serving
from .builders import ask, line, write_log

Counted = Callable[[list[bytes]], Opener]


@pytest.fixture
def counted(browser, tmp_path: Path) -> Iterator[Counted]:
    """Opens dashboards over a store with the counts of these lines alone."""

    @contextmanager
    def over(lines: list[bytes]) -> Iterator[Opener]:
        write_log(tmp_path / "logs", lines)
        store = f"sqlite:{tmp_path}/footfall.db"
        assert ask("import", tmp_path / "logs", "--store", store).exit_code == 0
        with serving(store) as url, looking(browser, url) as look:
            yield look

    with ExitStack() as stack:
        yield lambda lines: stack.enter_context(over(lines))


def views(*days: str) -> list[bytes]:
    """Two views of each day: of a page that is there every day, and of one of its own."""
    return [line(key, f"{day} 08:00:00") for day in days for key in ("every/", f"{day}/")]


def suspected(dashboard: Dashboard) -> tuple[str, str]:
    """What is said of suspected bots, and how the explanation begins."""
    below = dashboard.page.locator(".card .suspects")
    return below.inner_text(), " ".join((below.get_attribute("title") or "").split()[:5])


def percents(dashboard: Dashboard) -> str:
    """All that is said of changes."""
    return " ".join(dashboard.page.locator(".card .was, td.change").all_inner_texts())


YOUNG = [f"2026-11-{day}" for day in range(20, 26)]  # the last is the browser's today


def test_an_archive_opens_with_its_newest_days(counted):
    look = counted(views("2022-10-20", "2022-10-26", "2022-10-28"))

    dashboard = look()

    assert dashboard.cards()["Views"] == "6"
    assert dashboard.below("Views") == ["no logs before Oct 20, 2022", "4 pages, 0.7 a day"]
    assert dashboard.page.locator("#days").inner_text().split() == ["Oct", "20", "–", "28,", "2022"]
    assert [text.split("; ")[0].split(": ")[1] for text in dashboard.graph()][::8] == ["2 views", "2 views, not complete yet"]
    assert "%" not in percents(dashboard)


def test_a_long_archive_opens_with_its_last_thirty_days(counted):
    look = counted(views("2022-01-01", "2022-10-28"))

    assert look().page.locator("#days").inner_text().split() == ["Oct", "1", "–", "28,", "2022"]


def test_logs_that_keep_coming_open_with_the_days_up_to_today(counted):
    look = counted(views("2026-11-01", "2026-11-23"))

    dashboard = look()

    assert dashboard.page.locator("#days").inner_text().split() == ["Oct", "29", "–", "Nov", "25,", "2026"]
    assert dashboard.page.locator("#choices [aria-current]").inner_text() == "28 days"


@pytest.mark.parametrize(
    ("query", "why", "link", "days"),
    [
        ("?period=7d", "There are no logs of this period.", "Show the newest, up to Oct 28, 2022", "Oct 20 – 28, 2022"),
        ("?period=2021", "There are no logs before Oct 20, 2022.", "Show the first days", "Oct 20 – 28, 2022"),
    ],
)
def test_an_empty_period_says_where_the_data_is(query, why, link, days, counted):
    look = counted(views("2022-10-20", "2022-10-28"))

    dashboard = look(query)
    said = dashboard.panel("history").locator(".empty").inner_text()
    cards, below, changes = dashboard.cards(), dashboard.below("Views"), percents(dashboard)
    dashboard.click(link)

    assert said == f"{why} {link}."
    assert (cards["Views"], below) == ("0", [])
    assert "%" not in changes
    assert dashboard.cards()["Views"] == "4"
    assert " ".join(dashboard.page.locator("#days").inner_text().split()) == days


def test_how_many_visitors_are_suspected_bots_stands_below_them(counted):
    dashboard = counted([*views(*YOUNG), *(line("a.css", f"{day} 08:00:00") for day in YOUNG[:2])])()

    assert dashboard.cards()["Visitors"] == "6"
    assert suspected(dashboard) == ("suspected bots: 4", "2 loaded the pages' pictures,")


def test_nothing_is_compared_with_days_before_the_first_log(counted):
    dashboard = counted(views(*YOUNG))()

    columns = dashboard.panel("page").locator("thead th").all_text_contents()
    graph = dashboard.graph()

    assert dashboard.cards() == {"Visitors": "6", "Views": "12", "Arrivals": "12", "Bots": "0"}
    assert {card: dashboard.below(card) for card in dashboard.cards()} == {
        "Visitors": ["no logs before Nov 20", "sum of the days, suspected bots: not known"],
        "Views": ["no logs before Nov 20", "7 pages, 2 a day"],
        "Arrivals": ["no logs before Nov 20", "100% of views"],
        "Bots": ["no logs before Nov 20"],
    }
    assert dashboard.compared() == "Compare (no logs before Nov 20)"
    assert suspected(dashboard) == ("suspected bots: not known", "As no visitor loaded a")
    assert columns == ["Page", "Trend", "Views", "Share"]
    assert [text.split(": ")[-1] for text in graph] == ["no logs"] * 22 + ["2 views"] * 5 + ["2 views, not complete yet"]


def test_averages_and_trends_begin_with_the_first_log(counted):
    dashboard = counted(views(*YOUNG))("?period=year&by=day")

    points = dashboard.panel("page").locator("tbody tr").first.locator("polyline").get_attribute("points").split()

    assert dashboard.below("Views")[-1] == "7 pages, 2 a day"
    assert len(points) == len(YOUNG)


def test_a_period_before_that_has_logs_in_part_is_compared_by_the_day(counted):
    # The week before has logs of three days, this one of two and of a third until eight.
    dashboard = counted(views(*YOUNG))("?start=2026-11-23&end=2026-11-29")
    every = dashboard.panel("page").locator("tbody tr", has_text="every").locator("td.change")

    assert dashboard.cards()["Views"] == "6"
    assert dashboard.below("Arrivals")[0] == "+29% a day, before: 6, no logs before Nov 20"
    assert every.inner_text() == "+29%"
    assert every.get_attribute("title") == "3 views before; compared by the day with logs"

    dashboard.open("?start=2026-11-24&end=2026-11-30")

    assert dashboard.below("Arrivals")[0] == "so far, before: 8, no logs before Nov 20"  # which has but one whole day
    assert every.inner_text() == "\u2013"
    assert every.get_attribute("class") == "change same"
    assert every.get_attribute("title") == "4 views before; too early to compare"

    dashboard.open("?start=2026-11-25&end=2026-12-01")

    assert [text.split(": ")[-1] for text in dashboard.graph()][:3] == ["no logs", "no logs", "2 views"]


def test_days_are_compared_with_the_same_weekdays(counted):
    dashboard = counted(views("2026-11-14", *YOUNG))("?start=2026-11-20&end=2026-11-22&compare=no")
    dashboard.page.keyboard.press("x")
    dashboard.settle()

    assert dashboard.compared() == "Compare with Nov 13 – 15"
    assert dashboard.below("Views")[0] == "+100% a day, before: 2, no logs before Nov 14"
    assert dashboard.panel("history").locator(".legend .before").inner_text() == "Nov 13 – 15"
    assert [text.split("; ")[1] for text in dashboard.graph()] == [
        "Fri, Nov 13, 2026: no logs",
        "Sat, Nov 14, 2026: 2 views, 0%",
        "Sun, Nov 15, 2026: 0 views",
    ]
    assert dashboard.below("Bots") == ["before: 0, no logs before Nov 14"]  # of none there is no change


def test_the_browser_compares_the_days_that_the_server_does(counted):
    dashboard = counted(views(*YOUNG))()
    ask = """async ([modules, ...periods]) => {
        const { before } = await import(`${modules}periods.js`);
        return periods.map(([start, end]) => before(start, end));
    }"""
    periods = [
        (date(2026, 11, 25), date(2026, 11, 25)),
        (date(2026, 10, 29), date(2026, 11, 25)),
        (date(2026, 3, 1), date(2026, 3, 31)),
        (date(2026, 1, 1), date(2026, 12, 31)),
        (date(2026, 2, 1), date(2026, 4, 30)),
        (date(2024, 2, 29), date(2025, 2, 28)),
    ]

    found = dashboard.page.evaluate(ask, [dashboard.modules(), *([str(day) for day in each] for each in periods)])

    expected = [previous(Period(*each), keeps_weekdays=True).ends for each in periods]
    assert found == [[str(day) for day in ends or ()] for ends in expected]
