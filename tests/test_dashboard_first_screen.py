"""The first screen has data, and days before a site's first log are left out: in a real browser."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

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


def beside(dashboard: Dashboard, name: str) -> str:
    """What stands below the number of a card."""
    return dashboard.page.locator(".card", has_text=name).locator(".was").inner_text()


def suspected(dashboard: Dashboard) -> tuple[str, str]:
    """What is said of suspected bots, and how the explanation begins."""
    below = dashboard.page.locator(".card .below")
    return below.inner_text(), " ".join((below.get_attribute("title") or "").split()[:5])


def percents(dashboard: Dashboard) -> str:
    """All that is said of changes."""
    return " ".join(dashboard.page.locator(".card, td.change").all_inner_texts())


YOUNG = [f"2026-11-{day}" for day in range(20, 26)]  # the last is the browser's today


def test_an_archive_opens_with_its_newest_days(counted):
    look = counted(views("2022-10-20", "2022-10-26", "2022-10-28"))

    dashboard = look()

    assert dashboard.cards()["Views"] == "6"
    assert dashboard.cards()["Views a day"] == "0.7"
    assert dashboard.page.locator("#days").inner_text().split() == ["Oct", "20", "–", "28,", "2022"]
    assert [text.split(": ")[1] for text in dashboard.graph()][::8] == ["2 views", "2 views, not complete yet"]
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
    cards, changes = dashboard.cards(), percents(dashboard)
    dashboard.click(link)

    assert said == f"{why} {link}."
    assert (cards["Views"], cards["Views a day"], cards["Change"]) == ("0", "–", "–")
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

    first = {"Visitors": "6", "Views": "12", "Arrivals": "12"}
    assert dashboard.cards() == {**first, "Pages": "7", "Views a day": "2", "Change": "–"}
    assert list(dashboard.cards())[:3] == list(first)
    assert beside(dashboard, "Visitors") == "sum of the days"
    assert suspected(dashboard) == ("suspected bots: not known", "As nobody loaded a picture,")
    assert beside(dashboard, "Change") == "no logs before Nov 20"
    assert columns == ["Page", "Trend", "Views", "Share"]
    assert [text.split(": ")[-1] for text in graph] == ["no logs"] * 22 + ["2 views"] * 5 + ["2 views, not complete yet"]


def test_averages_and_trends_begin_with_the_first_log(counted):
    dashboard = counted(views(*YOUNG))("?period=year&by=day")

    points = dashboard.panel("page").locator("tbody tr").first.locator("polyline").get_attribute("points").split()

    assert dashboard.cards()["Views a day"] == "2"
    assert len(points) == len(YOUNG)


def test_a_period_before_that_has_logs_in_part_is_compared_by_the_day(counted):
    dashboard = counted(views(*YOUNG))("?start=2026-11-22&end=2026-11-25")  # the four days before have logs of two

    every = dashboard.panel("page").locator("tbody tr", has_text="every").locator("td.change")

    assert dashboard.cards() | {"Views": "8", "Change": "0%", "Views a day": "2"} == dashboard.cards()
    assert " ".join(beside(dashboard, "Change").split()) == "by the day, against Nov 20 – 21, 2026"
    assert beside(dashboard, "Arrivals") == "0%, before: 4"
    assert every.inner_text() == "0%"
    assert every.get_attribute("title") == "2 views before; compared by the day with logs"
    assert [text.split(": ")[-1] for text in dashboard.graph()] == ["no logs", "no logs", "2 views", "2 views"]


def test_a_period_before_that_has_logs_is_compared_as_it_is(counted):
    dashboard = counted(views(*YOUNG))("?start=2026-11-23&end=2026-11-25")

    assert dashboard.cards()["Change"] == "0%"
    assert " ".join(beside(dashboard, "Change").split()) == "against Nov 20 – 22, 2026"
    assert dashboard.befores("page")[0] == 3
