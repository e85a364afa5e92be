"""The dashboard in a real browser: it shows what the command line says, whatever it is asked."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser

from footfall.cli.sample import write_sample_logs

from .browser import NOW, PANELS, TODAY, count_sample, faults, looking, number, queries, serving
from .builders import ask, clean_environment

PERIODS = {
    "today": (TODAY, TODAY),
    "7d": (TODAY - timedelta(6), TODAY),
    "28d": (TODAY - timedelta(27), TODAY),
    "90d": (TODAY - timedelta(89), TODAY),
    "month": (date(2026, 11, 1), date(2026, 11, 30)),
    "year": (date(2026, 1, 1), date(2026, 12, 31)),
}
ARTICLE = "blog/articles/counting-without-cookies"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The counts of the sample site."""
    return count_sample(tmp_path_factory.mktemp("dashboard"))


@pytest.fixture(scope="module")
def url(store: str) -> Iterator[str]:
    with serving(store) as url:
        yield url


@pytest.fixture
def told(store: str) -> Callable[..., Any]:
    """What `footfall ... --json` says over a period."""

    def tell(*command: str, days: tuple[date, date] | None = None) -> Any:
        period = ["--start", str(days[0]), "--end", str(days[1])] if days else []
        return ask(*command, *period, "--store", store, "--config", os.devnull, "--json").json

    return tell


class Seen(NamedTuple):
    """What the dashboard shows at an address."""

    cards: dict[str, str]
    below: dict[str, list[str]]
    rows: dict[str, dict[str, int]]
    """Of each panel, as it is opened."""
    befores: dict[str, list[int]]
    all_rows: dict[str, dict[str, int]]
    graph: list[str]


@pytest.fixture(scope="module")
def seen(browser: Browser, url: str) -> Callable[[str], Seen]:
    """Opens an address, once for all tests that only read what it shows."""

    @cache
    def see(query: str) -> Seen:
        with looking(browser, url) as look:
            dashboard = look(query)
            cards = dashboard.cards()
            below = {card: dashboard.below(card) for card in cards}
            rows = {panel: dashboard.rows(panel) for panel in PANELS}
            befores = {panel: dashboard.befores(panel) for panel in PANELS}
            all_rows = {}
            for panel in PANELS:
                dashboard.show_all_rows(panel)
                all_rows[panel] = dashboard.rows(panel)
            return Seen(cards, below, rows, befores, all_rows, dashboard.graph())

    return see


def before(start: date, end: date) -> tuple[date, date]:
    """As many days just before; before a whole month or year, the one before."""
    if (start.day, (end + timedelta(1)).day) == (1, 1):
        is_year = start.month == 1 and end.month == 12
        last = start - timedelta(1)
        return (last.replace(month=1, day=1) if is_year else last.replace(day=1)), last
    return start - (end - start) - timedelta(1), start - timedelta(1)


def values(answer: Any) -> dict[str, int]:
    return {row["value"]: row["views"] for row in answer["rows"]}


# Numbers


@pytest.mark.parametrize("period", PERIODS)
def test_every_panel_shows_what_the_command_line_says(period, seen, told):
    shown = seen(f"?period={period}").all_rows

    assert shown == {panel: values(told("top", panel, days=PERIODS[period])) for panel in PANELS}
    assert sum(shown["page"].values()) > 0


@pytest.mark.parametrize("period", ["7d", "28d", "month"])
def test_every_panel_compares_with_the_period_before(period, seen, told):
    shown = seen(f"?period={period}")

    earlier = {panel: values(told("top", panel, days=before(*PERIODS[period]))) for panel in PANELS}

    for panel in PANELS:
        assert shown.befores[panel] == [earlier[panel].get(value, 0) for value in shown.rows[panel]]


@pytest.mark.parametrize("period", ["7d", "28d", "month"])
def test_the_cards_sum_it_up(period, seen, told):
    start, end = PERIODS[period]
    now, then = (told("pages", days=days) for days in ((start, end), before(start, end)))
    visitors = told("history", days=(start, end))["visitors"]
    arrivals = told("history", "--measure", "arrivals", days=(start, end))["total"]
    bots = told("top", "bot", days=(start, end))
    days = (TODAY - start).days + 1  # the rest of a month is still to come
    reached = datetime.fromisoformat(now["complete_until"])
    covered = days - 1 + (reached.hour * 60 + reached.minute) / (24 * 60)  # of today

    cards, below = seen(f"?period={period}").cards, seen(f"?period={period}").below

    assert list(cards) == ["Visitors", "Views", "Arrivals", "Bots"]
    assert [number(text) for text in cards.values()] == [visitors, now["total"], arrivals, bots["total"]]
    change = (now["total"] / covered) / (then["total"] / then["logged_days"]) - 1
    assert below["Views"] == [
        f"{round(100 * change):+}% a day, before: {then['total']:,}".replace("-", "\u2212").replace("+0%", "0%"),
        f"{len(now['rows'])} pages, {round(now['total'] / days, 1):g} a day",
    ]
    assert below["Arrivals"][1] == f"{100 * arrivals / now['total']:.0f}% of views"
    assert below["Bots"][1] == f"{100 * bots['total'] / (bots['total'] + now['total']):.0f}% of page requests"


def test_a_change_that_may_be_chance_is_neither_good_nor_bad(look):
    dashboard = look()
    ask = """async ([modules, ...pairs]) => {
        const { change, direction } = await import(`${modules}format.js`);
        return pairs.map(([now, before]) => [change(now, before), direction(now, before)]);
    }"""

    under_a_tenth, within_the_root = [[999, 1000], [1090, 1000], [5, 5]], [[2, 1], [1, 0], [88, 80], [12, 16]]
    beyond = [[1110, 1000], [890, 1000], [95, 80], [11, 16], [5, 0]]

    told = dashboard.page.evaluate(ask, [dashboard.modules(), *under_a_tenth, *within_the_root, *beyond])

    assert [way for _, way in told] == ["same"] * 7 + ["up", "down", "up", "down", "up"]
    assert told[0][0] == "0%"


@pytest.mark.parametrize(
    ("period", "interval"), [("today", "hour"), ("7d", "day"), ("90d", "day"), ("year", "week"), ("all", "day")]
)
def test_the_graph_tells_each_number_by_the_keyboard(period, interval, seen, told):
    answer = told("history", "--by", interval, days=PERIODS.get(period))
    series = answer["series"]
    nexts = [*(moment["at"] for moment in series[1:]), "9999"]
    early = sum(after <= answer["first_day"] for after in nexts)  # which are over before the first log
    complete_until = told("status")["complete_until"]

    graph = seen(f"?period={period}").graph

    said = [text.split("; ")[0].split(": ")[-1].removesuffix(", not complete yet") for text in graph]
    known = [moment for moment in series[early:] if f"{moment['at']}T00:00:00"[:19] <= complete_until]
    views = [f"{moment['views']:,} {'view' if moment['views'] == 1 else 'views'}" for moment in known]
    assert said == ["no logs"] * early + views + ["no logs yet"] * (len(series) - early - len(known))
    assert (early > 0) is (period == "year")
    assert sum(moment["views"] for moment in known) == sum(moment["views"] for moment in series) > 0


def test_the_graph_tells_the_period_before_beside_each_number(seen, told):
    series = told("history", days=before(*PERIODS["7d"]))["series"]

    now = told("history", days=PERIODS["7d"])["series"]
    expected = [
        f"{moment['views']} views" + (f", {round(100 * (then['views'] / moment['views'] - 1)):+}%" if then != now[-1] else "")
        for moment, then in zip(series, now, strict=True)  # of the last day, which is not over, no change is told
    ]

    said = [text.split("; ")[1] for text in seen("?period=7d").graph]

    assert [text.split(": ")[-1].replace("\u2212", "-").replace("+0%", "0%") for text in said] == [
        text.replace("+0%", "0%") for text in expected
    ]
    assert said[0].startswith("Thu, Nov 12, 2026: ")


@pytest.mark.parametrize(
    ("measure", "noun"), [("visitors", "visitor"), ("arrivals", "arrival"), ("bots", "page read by a bot")]
)
def test_the_number_that_is_clicked_is_drawn(measure, noun, look, told):
    dashboard = look("?period=month&compare=no")

    dashboard.click(measure.capitalize(), within="#cards")

    told_of = told("history", "--measure", measure, days=PERIODS["month"])["series"]
    series = [moment for moment in told_of if date.fromisoformat(moment["at"]) <= TODAY]
    said = [text.split("; ") for text in dashboard.graph()][: len(series)]
    numbers = [number(text.split(": ")[1].split(" ")[0]) for text, *_ in said]
    drawn = dashboard.page.locator("#cards [aria-current]").all_inner_texts()
    assert numbers == [moment[measure] for moment in series]
    assert noun.split(" ")[0] in said[0][0]
    assert said[7][1].startswith(f"Sun, Nov 1, 2026: {numbers[0]} ")  # of the 8th, the same weekday before
    assert (drawn, f"measure={measure}" in dashboard.page.url) == ([measure.capitalize()], True)
    assert dashboard.panel("history").get_by_role("link", name="hour").count() == 0  # by which only views are counted


def test_only_the_day_that_is_still_growing_is_said_to_be_incomplete(seen):
    said = seen("?period=7d").graph

    assert [text.split(",")[0] for text in said if "not complete yet" in text] == ["Wed"]  # 25 November 2026


def test_the_numbers_are_there_as_a_table(look, told):
    dashboard = look("?period=7d")

    dashboard.page.get_by_text("The same as a table").click()

    dashboard.panel("history").locator("tbody tr").last.wait_for()  # it is filled once it is open
    rows = dashboard.panel("history").locator("tbody tr")
    series = told("history", days=PERIODS["7d"])["series"]
    assert [number(row.removesuffix(" so far")) for row in rows.locator("td:nth-child(2)").all_text_contents()] == [
        moment["views"] for moment in series
    ]
    assert rows.first.locator("th").text_content() == "Thu, Nov 19, 2026"


def test_pointing_at_the_graph_shows_the_exact_number(look, told):
    dashboard = look("?period=7d")
    most = max(told("history", days=PERIODS["7d"])["series"], key=lambda moment: moment["views"])
    place = dashboard.page.locator(".u-over").bounding_box()
    place_of = (date.fromisoformat(most["at"]) - PERIODS["7d"][0]).days / 6

    dashboard.page.mouse.move(place["x"] + place["width"] * place_of, place["y"] + 40)

    tip = dashboard.page.locator(".tip .now b")
    assert tip.inner_text().startswith(f"{most['views']} views")


def test_it_says_how_far_the_counts_reach_and_in_the_foot_what_was_unreadable(look, told):
    status = told("status")
    dashboard = look()
    page = dashboard.page

    said, foot = page.locator("#freshness").inner_text(), page.locator(".foot").inner_text()

    until = datetime.fromisoformat(status["complete_until"])
    assert f"Logs up to {until:%-I:%M}" in said  # of today
    assert "UTC" in said
    assert "last file read" in foot
    assert f"{status['unreadable']} of {status['lines']:,} lines unreadable" in foot
    assert f"footfall {version('footfall')}" in foot

    page.get_by_role("button", name="What happened to the lines").press("Enter")
    lines, found = page.get_by_role("dialog", name="What happened to the lines"), faults(page)

    rows = [row.split("\n") for row in lines.locator("dl div").all_inner_texts()]
    dropped = {reason: count for reason, count in status["dropped"].items() if count}
    assert {name: number(count) for name, count in rows} == {
        "views": status["views"], **dropped, "unreadable": status["unreadable"], "lines in all": status["lines"]
    }  # fmt: skip
    assert "footfall explain --only unreadable FILE" in lines.inner_text()
    assert found == []


def test_crawlers_of_ais_are_marked_among_the_bots(look, told):
    dashboard = look("?period=90d")
    dashboard.show_all_rows("bot")

    marked = dashboard.panel("bot").locator("tr:has(.tag:text-matches('^AI '))")

    bots = told("top", "bot", days=PERIODS["90d"])
    of_ai = sum(row["views"] for row in bots["rows"] if row["value"] in ("GPTBot", "ClaudeBot", "CCBot"))
    assert sorted(marked.locator("bdi").all_text_contents()) == ["CCBot", "ClaudeBot", "GPTBot"]
    assert "train AI models" in marked.locator(".tag").first.get_attribute("title")
    assert dashboard.panel("bot").locator(".about").inner_text() == f"{100 * of_ai / bots['total']:.1f}% by AI crawlers"


def test_each_page_has_a_series_of_its_own(look, told):
    dashboard = look("?period=7d")
    first = next(iter(dashboard.rows("page")))
    series = [moment["views"] for moment in told("history", first, days=PERIODS["7d"])["series"]]

    points = dashboard.panel("page").locator("tbody tr").first.locator("polyline").get_attribute("points").split()

    heights = [float(point.split(",")[1]) for point in points]
    assert heights.index(min(heights)) == series.index(max(series))
    assert len(heights) == len(series)


# Whatever there is to count by

# footfall in a process whose tables have two rows more, as if a contributor had added them.
TWO_ROWS_MORE = """
from footfall.__main__ import main
from footfall.dimensions import DIMENSIONS, Dimension

DIMENSIONS["date"] = Dimension("Date", "day", "The day.")
DIMENSIONS["crawler"] = Dimension("Crawler", "bot", "A bot.", of_views=False, of_dropped="bot")
main()
"""


def test_every_dimension_has_a_panel_without_a_row_in_the_browser(browser, tmp_path):
    footfall, config = [sys.executable, "-c", TWO_ROWS_MORE], tmp_path / "footfall.toml"
    config.write_text("[dimensions]\nbrowser_version = true\n")
    write_sample_logs(tmp_path / "logs", TODAY, 7, until=datetime.fromisoformat(NOW))
    store = f"sqlite:{tmp_path}/footfall.db"
    where = ("--store", store, "--config", str(config))
    subprocess.run([*footfall, "import", tmp_path / "logs", *where], env=clean_environment(), check=True, capture_output=True)

    with serving(store, *where, footfall=footfall) as url, looking(browser, url) as look:
        dashboard = look("?period=7d&compare=no")
        date_rows, crawlers = dashboard.rows("date"), dashboard.rows("crawler")
        of_versions, is_off = dashboard.rows("browser_version"), dashboard.panel("system_version").count() == 0
        tabs = dashboard.page.locator("#group-more").locator("h2, [role=tab]").all_text_contents()
        columns = dashboard.panel("crawler").locator("thead th").all_text_contents()
        asked = queries(dashboard, "stats/date")
        tall = dashboard.overflow()
        first = next(iter(dashboard.rows("browser")))
        dashboard.click(first, within="#panel-browser")
        opened = dashboard.page.locator("#group-devices").get_by_role("tab", selected=True).inner_text()
        of_first = dashboard.rows("browser_version")

    days = ask("history", "--start", "2026-11-19", "--end", "2026-11-25", *where, "--json")
    assert date_rows == {day: views for day, views in days.series.items() if views}
    assert crawlers == ask("top", "bot", "--limit", "10", *where, "--json").rows
    assert of_versions == ask("top", "browser_version", "--limit", "10", *where, "--json").rows
    assert is_off
    versions = values(ask("top", "browser_version", "--filter", f"browser={first}", *where, "--json").json)
    assert (opened, of_first) == ("Browser versions", versions)
    assert tabs == ["More", "Date", "Crawler"]
    assert columns == ["Crawler", "Requests", "Share"]
    assert len(asked) == 1
    assert tall == 0


def test_a_bot_that_bears_the_name_of_a_method_has_no_class(look):
    dashboard = look()
    ask = """async (modules) => {
        const { panelsOf } = await import(`${modules}panels.js`);
        const { dimensions } = await (await fetch("api/v1/dimensions")).json();
        const bots = panelsOf(dimensions).find(([name]) => name === "bot")[1];
        return ["constructor", "__proto__", "GPTBot"].map((bot) => bots.name(bot, bots)[1]?.textContent ?? "");
    }"""

    assert dashboard.page.evaluate(ask, dashboard.modules()) == ["", "", "AI training"]


def test_the_browser_asks_once_what_there_is_to_count_by(look):
    dashboard = look().click("7 days", within="#choices").click("90 days", within="#choices")

    assert len(queries(dashboard, "dimensions")) == 1


# What is looked at


CHOICES = {"Today": "today", "7 days": "7d", "90 days": "90d", "Month": "month", "Year": "year"}


def test_a_period_is_chosen_and_stands_in_the_address(look, told):
    dashboard = look()

    for choice, period in CHOICES.items():
        dashboard.click(choice, within="#choices")

        assert f"period={period}" in dashboard.page.url
        assert number(dashboard.cards()["Views"]) == told("pages", days=PERIODS[period])["total"]


def test_an_address_can_be_shared(look):
    dashboard = look("?period=90d&by=week&compare=no&prefix=blog%2F")
    other = look(dashboard.page.url.removeprefix(dashboard.url))

    assert other.cards() == dashboard.cards()
    assert other.rows("page") == dashboard.rows("page")
    assert all(page.startswith("blog/") for page in other.rows("page"))


def test_the_back_button_comes_back_and_forward_goes_on(look):
    dashboard = look()
    seen = [dashboard.cards()]
    seen.append(dashboard.click("7 days", within="#choices").cards())
    seen.append(dashboard.click("The period before").cards())

    found = []
    for step in (dashboard.page.go_back, dashboard.page.go_back, dashboard.page.go_forward):
        step()
        found.append(dashboard.settle().cards())

    assert found == [seen[1], seen[0], seen[1]]
    assert seen[0] != seen[1] != seen[2]


def test_the_period_before_and_after_is_a_click_away(look, told):
    dashboard = look("?period=7d").click("The period before")
    earlier = number(dashboard.cards()["Views"])

    dashboard.click("The period after")

    assert earlier == told("pages", days=(date(2026, 11, 12), date(2026, 11, 18)))["total"]
    assert dashboard.page.url.endswith("?period=7d")
    assert dashboard.page.locator("#later").get_attribute("aria-disabled") == "true"


def test_before_a_month_comes_the_whole_month_before(look, told):
    dashboard = look("?period=month").click("The period before")

    assert "period=2026-10" in dashboard.page.url
    assert number(dashboard.cards()["Views"]) == told("pages", "--period", "2026-10")["total"]


def test_any_days_can_be_chosen(look, told):
    dashboard = look().click("Custom", role="button")
    dashboard.page.get_by_label("From", exact=True).fill("2026-10-03")
    dashboard.page.get_by_label("to", exact=True).fill("2026-10-20")

    dashboard.click("Show", role="button")

    assert dashboard.page.url.endswith("?start=2026-10-03&end=2026-10-20")
    assert number(dashboard.cards()["Views"]) == told("pages", days=(date(2026, 10, 3), date(2026, 10, 20)))["total"]


@pytest.mark.parametrize("query", ["?period=nonsense", "?start=2026-10-03", "?start=2026-12-01&end=2026-01-01", "?by=minute"])
def test_an_address_that_makes_no_sense_shows_the_usual(query, look, seen):
    assert look(query).cards() == seen("?period=28d").cards


def test_without_the_comparison_nothing_is_asked_of_the_period_before(look):
    dashboard = look()
    dashboard.requested.clear()

    dashboard.page.get_by_label("Compare").uncheck()
    dashboard.settle()

    assert dashboard.page.url.endswith("?compare=no")
    assert [url for url in dashboard.requested if "compare" in url] == []
    assert [text for card in dashboard.cards() for text in dashboard.below(card) if "before" in text] == []
    assert dashboard.befores("referrer") == []


def test_the_graph_is_cut_as_one_likes(look, told):
    dashboard = look("?period=90d").click("week")

    assert "by=week" in dashboard.page.url
    assert len(dashboard.graph()) == len(told("history", "--by", "week", days=PERIODS["90d"])["series"])


def test_a_point_of_the_graph_opens_its_day(look, told):
    dashboard = look("?period=7d")
    graph = dashboard.page.get_by_role("slider")
    graph.focus()
    graph.press("Home")

    graph.press("Enter")
    dashboard.settle()

    assert dashboard.page.url.endswith("?period=2026-11-19")
    assert number(dashboard.cards()["Views"]) == told("pages", "--period", "2026-11-19")["total"]


def test_dragging_over_the_graph_opens_these_days(look):
    dashboard = look("?period=7d")
    place = dashboard.page.locator(".u-over").bounding_box()
    x, y = place["x"], place["y"] + place["height"] / 2

    dashboard.page.mouse.move(x + place["width"] * 1 / 6, y)
    dashboard.page.mouse.down()
    dashboard.page.mouse.move(x + place["width"] * 3 / 6, y, steps=5)
    dashboard.page.mouse.up()
    dashboard.settle()

    assert dashboard.page.url.endswith("?start=2026-11-20&end=2026-11-22")


def test_a_search_shows_the_pages_that_begin_so(look, told):
    dashboard = look()

    dashboard.page.get_by_label("Show pages that begin with").press_sequentially("/blog/tags/")
    dashboard.page.wait_for_url("**prefix=blog%2Ftags%2F")
    dashboard.settle()

    expected = told("pages", "--prefix", "blog/tags/", days=PERIODS["28d"])
    assert dashboard.rows("page") == values(expected)
    assert number(dashboard.cards()["Views"]) == expected["total"]
    assert dashboard.page.evaluate("document.activeElement.id") == "search"
    assert dashboard.there(PANELS) == ["page"]  # the others know no pages


def test_one_page_is_looked_at_alone(look, told):
    dashboard = look()

    dashboard.click(ARTICLE, within="#panel-page")

    assert dashboard.page.evaluate("document.activeElement.textContent") == f"Page {ARTICLE}"
    history = told("history", ARTICLE, days=PERIODS["28d"])
    said = [text.split(": ")[1].split(" ")[0] for text in dashboard.graph() if "no logs yet" not in text]
    assert [number(text) for text in said] == [moment["views"] for moment in history["series"]][: len(said)]
    assert number(dashboard.cards()["Views"]) == history["total"]
    browsers = told("top", "browser", "--filter", f"page={ARTICLE}", days=PERIODS["28d"])
    assert dashboard.rows("browser") == values(browsers)
    assert not dashboard.there(("page", "bot", "status"))


def test_the_referrers_of_a_page_come_from_its_views(look, told):
    from footfall.pageviews.referrers import referrer_host

    kept = told("views", ARTICLE, days=PERIODS["28d"])["rows"]
    hosts = [referrer_host(item.get("Referrer"), {"example.org"}) for item in kept]

    found = look(f"?page={ARTICLE}").rows("page_referrer")

    assert found == {host: hosts.count(host) for host in found}
    assert sum(found.values()) == len(kept) > 0


def test_from_one_page_the_way_leads_back_to_all(look):
    dashboard = look(f"?period=7d&page={ARTICLE}").click("All below blog/articles/")
    below = list(dashboard.rows("page"))

    dashboard.click("Show all pages")

    assert all(page.startswith("blog/articles/") for page in below)
    assert dashboard.page.url.endswith("?period=7d")
    assert "/" in dashboard.rows("page")


# To keep


@pytest.mark.parametrize("panel", PANELS)
def test_every_panel_can_be_kept_as_csv_and_json(panel, look, told):
    dashboard = look("?period=7d&compare=no")
    files = {}
    for kind in ("CSV", "JSON"):
        with dashboard.page.expect_download() as download:
            dashboard.panel(panel).get_by_role("button", name=kind).click()
        files[download.value.suggested_filename] = Path(download.value.path()).read_text("utf-8")

    table, answer = files.values()
    expected = values(told("top", panel, days=PERIODS["7d"]))
    assert list(files) == [f"footfall-{panel}-2026-11-19-2026-11-25.{kind}" for kind in ("csv", "json")]
    assert {row[panel]: int(row["views"]) for row in csv.DictReader(io.StringIO(table))} == expected
    assert values(json.loads(answer)) == expected


def test_the_history_can_be_kept_as_csv_and_json(look, told):
    dashboard = look("?period=7d")
    files = []
    for kind in ("CSV", "JSON"):
        with dashboard.page.expect_download() as download:
            dashboard.panel("history").get_by_role("button", name=kind).click()
        files.append(Path(download.value.path()).read_text("utf-8"))

    series = told("history", days=PERIODS["7d"])["series"]
    assert [(row["at"], int(row["views"])) for row in csv.DictReader(io.StringIO(files[0]))] == [
        (moment["at"], moment["views"]) for moment in series
    ]
    assert json.loads(files[1])["series"] == series


# Elsewhere


def test_numbers_and_dates_are_written_as_the_readers_do(look, told):
    dashboard = look("?period=90d", locale="de-DE")

    total = told("pages", days=PERIODS["90d"])["total"]
    assert dashboard.cards()["Views"] == f"{total:,}".replace(",", ".")
    assert dashboard.page.locator("#days").inner_text().split() == ["28.", "Aug.", "–", "25.", "Nov.", "2026"]


def test_days_are_the_sites_whatever_the_readers_time_zone(look, told):
    dashboard = look("?period=today", timezone_id="Pacific/Auckland")  # where it is the 26th already

    assert number(dashboard.cards()["Views"]) == told("pages", days=(TODAY, TODAY))["total"]
    assert dashboard.page.locator("#days").inner_text() == "Wed, Nov 25, 2026"


def test_a_page_that_somebody_looked_at_is_as_new_for_the_next_one(browser, url):
    with looking(browser, url) as look:
        before = look("?period=7d")
        before.page.evaluate("() => { localStorage.left = sessionStorage.left = document.cookie = 'left=1'; }")
        before.resize(400)

    with looking(browser, url) as look:
        dashboard = look()

        assert dashboard.page is before.page
        kept = "[localStorage.left, sessionStorage.left, document.cookie, innerWidth, history.length <= 2]"
        assert dashboard.page.evaluate(kept) == [None, None, "", 1440, True]
        assert dashboard.requested[0] == url
