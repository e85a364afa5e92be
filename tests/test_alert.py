"""`footfall alert`: a day with far more or far fewer views than usual is told of, once, and no other day."""

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from footfall.functions import notices as functions
from footfall.reports import Usual
from footfall.reports.usual import WEEKS, usual_day

from .builders import ask, line, write_log
from .conftest import trials
from .webhook import webhook

DAY = date(2026, 11, 27)
LONG_AGO = date(2020, 1, 1)
NEXT_NOON = datetime(2026, 11, 28, 12)


def found(now: int, before: Sequence[int], *, hours: int = 24, first: date = LONG_AGO, reach: datetime = NEXT_NOON) -> Usual:
    """A day beside so many views in the weeks before, the latest first; all of a day's views are in its first hour."""
    views = defaultdict(lambda: [0] * 24, {DAY: [now, *[0] * 23]})
    for number, each in enumerate(before, 1):
        views[DAY - timedelta(7 * number)] = [each, *[0] * 23]
    return usual_day(DAY, hours, views, first, reach)


@pytest.mark.parametrize("usually", [3, 20, 100, 2_000])
def test_days_that_vary_as_days_do_are_nothing_to_tell_of(usually: int) -> None:
    dice = random.Random(usually)

    def day() -> int:  # weeks differ by a sixth, and chance does the rest
        mean = usually * dice.lognormvariate(0, 0.17)
        return max(0, round(dice.gauss(mean, mean**0.5)))

    told = [found(day(), [day() for _ in range(WEEKS)]).unusual for _ in range(trials(2_000))]

    assert sum(each is not None for each in told) <= len(told) // 1000


@pytest.mark.parametrize(("usually", "spike"), [(0, 60), (3, 70), (20, 90), (100, 300), (2_000, 6_000)])
def test_a_spike_is_more_than_usual_and_one_odd_week_before_hides_nothing(usually: int, spike: int) -> None:
    before = [usually] * WEEKS

    assert found(spike, before).unusual == "more"
    assert found(spike, [spike * 10, *before[1:]]).unusual == "more"
    assert found(spike, before, hours=5, reach=datetime(2026, 11, 27, 5)).unusual == "more"
    assert found(spike, [spike] * WEEKS).unusual is None


def test_few_views_are_fewer_than_usual_only_when_late_logs_would_be_there() -> None:
    before = [400] * WEEKS

    assert found(20, before).unusual == "fewer"
    assert found(20, before, reach=datetime(2026, 11, 28, 5, 59)).unusual is None
    assert found(20, before, hours=12, reach=datetime(2026, 11, 27, 12)).unusual is None
    assert found(10, [40] * WEEKS).unusual is None  # thirty fewer are no news


def test_without_weeks_to_compare_with_nobody_knows() -> None:
    assert found(5_000, [10] * WEEKS, first=DAY - timedelta(27)).usual is None
    assert found(5_000, [10] * WEEKS, first=DAY - timedelta(28)).unusual == "more"


@pytest.fixture
def spike(here: Path, counts_in: str) -> tuple[str, date]:
    """The URL of a store of each kind in which yesterday went viral, and yesterday."""
    yesterday = datetime.now(UTC).date() - timedelta(1)
    days = {yesterday - timedelta(7 * number): 4 for number in range(1, WEEKS)} | {yesterday: 80}
    lines = [
        line("viral/" if day == yesterday else "a/", f"{day} {place % 20:02}:00:00", referrer="https://news.example/")
        for day, number in days.items()
        for place in range(number)
    ]
    write_log(here / "logs", [*lines, line("a/", f"{yesterday} 23:30:00")])
    assert ask("import", "logs", "--store", counts_in).exit_code == 0
    return counts_in, yesterday


def test_an_alert_is_delivered_once_and_says_why(spike: tuple[str, date], monkeypatch: pytest.MonkeyPatch) -> None:
    url, yesterday = spike
    with webhook(503) as hook:
        sending = ("alert", "--store", url, "--webhook", hook.url)
        failed, sent, again = (ask(*sending) for _ in range(3))
        if url.startswith("dynamodb:"):  # the function is another run
            monkeypatch.setenv("FOOTFALL_STORE", url)
            monkeypatch.setenv("FOOTFALL_DIGEST", f'{{ to = "{hook.url}", period = "month" }}')
            functions._setup.cache_clear()
            assert functions.on_notice({}, SimpleNamespace(aws_request_id="1"))["alert"] == "known"
            functions._setup.cache_clear()

    title = f"www.example.com: far more views than usual on {yesterday}"
    assert failed.exit_code == 1
    assert sent.stdout == f"{title}: sent to 127.0.0.1\n"
    assert again.stdout == f"{title}: was already sent to 127.0.0.1\n"
    alerts = [each for each in hook.received if each["kind"] == "alert"]
    assert [each["id"] for each in alerts] == [alerts[0]["id"]] * 2
    assert alerts[1]["subject"] == title
    rows = [row.split() for row in alerts[1]["text"].splitlines()]
    assert ["80", "4", "far", "more", str(yesterday), "until", "23:00"] in rows
    assert ["80", "viral"] in rows
    assert ["80", "news.example"] in rows
    (day,) = alerts[1]["alert"]["days"]
    assert (day["day"], day["views"], day["usual"], day["unusual"]) == (str(yesterday), 80, 4, "more")


def test_a_day_as_usual_is_shown_and_not_sent(here: Path) -> None:
    today = datetime.now(UTC).date()
    days = [today - timedelta(1 + 7 * number) for number in range(WEEKS)]
    write_log(here / "logs", [line(at=f"{day} 0{hour}:00:00") for day in days for hour in range(6)])
    ask("import", "logs")

    with webhook() as hook:
        sent = ask("alert", "--webhook", hook.url)

    assert (sent.exit_code, sent.stdout, hook.received) == (0, "", [])
    assert [(day["hours"], day["views"], day["usual"], day["unusual"]) for day in ask("alert", "--json").json["days"]] == [
        (5, 5, 5, None)
    ]
    assert "usual: the median of the same weekday" in ask("alert").stdout
