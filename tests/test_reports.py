"""Reports over any store: periods as people write them, and totals that equal the sum of a history and of rows."""

import tempfile
import tracemalloc
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.dimensions import DIMENSIONS
from footfall.errors import ConfigError
from footfall.items import DEFAULT_ITEM, ItemMap
from footfall.measures import MEASURES, choose_measure, measures_of
from footfall.reports import (
    INTERVALS,
    Breakdown,
    BreakdownRow,
    Moment,
    Period,
    Query,
    breakdown,
    history,
    ledger_status,
    parse_period,
    stored_views,
    total,
)
from footfall.reports.comparison import Comparison
from footfall.reports.cursor import write_cursor
from footfall.stores import Store, open_store

from .builders import ask, line, write_log
from .conftest import trials

TODAY = date(2026, 11, 24)


def store_of(folder: Path, lines: list[bytes]) -> Store:
    write_log(folder / "logs", lines, "a.log")
    url = f"sqlite:{folder}/footfall.db"
    assert ask("import", folder / "logs", "--store", url).exit_code == 0
    return open_store(url, ItemMap(DEFAULT_ITEM))


def pages(store: Store, **asked: Any) -> Breakdown:
    return breakdown(store, Query(dimension="page", **asked))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022-10-20", "2022-10-20", "2022-10-20"),
        ("today", "2026-11-24", "2026-11-24"),
        ("Today ", "2026-11-24", "2026-11-24"),
        ("yesterday", "2026-11-23", "2026-11-23"),
        ("1d", "2026-11-24", "2026-11-24"),
        ("30d", "2026-10-26", "2026-11-24"),
        ("month", "2026-11-01", "2026-11-30"),
        ("year", "2026-01-01", "2026-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-12", "2025-12-01", "2025-12-31"),
        ("2022", "2022-01-01", "2022-12-31"),
        ("week", "2026-11-23", "2026-11-29"),
        ("this month", "2026-11-01", "2026-11-30"),
        ("last week", "2026-11-16", "2026-11-22"),
        ("Last Month", "2026-10-01", "2026-10-31"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("7 days", "2026-11-18", "2026-11-24"),
        ("2 weeks", "2026-11-11", "2026-11-24"),
        ("12 months", "2025-11-25", "2026-11-24"),
        ("last 3 years", "2023-11-25", "2026-11-24"),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, first: str, last: str) -> None:
    assert parse_period(text, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    [
        "", "tomorrow", "2022-13", "2022-02-30", "20221020", "20.10.2022", "0d", "-3d", "d", "²d", "9999999999d", "0000",
        "99999", "2022/10/20", "last", "last day", "0 months", "months", "9999 years", "99999999999999999999 weeks",
    ],
)  # fmt: skip
def test_what_is_no_period_is_named_with_what_would_be_right(text: str) -> None:
    with pytest.raises(ConfigError, match="write it as 2022-10-20") as caught:
        parse_period(text, TODAY)

    assert repr(text) in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-10-01..2026-10-31", "give its ends: start 2026-10-01, end 2026-10-31"),
        ("2026-10-01 to 2026-10-31", "give its ends: start 2026-10-01, end 2026-10-31"),
        ("all", "for all days, leave out start, end and period"),
    ],
)
def test_a_period_as_people_write_it_is_told_with_what_they_mean(text, words):
    with pytest.raises(ConfigError, match=words):
        parse_period(text, TODAY)


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"ends \(2026-01-01\) before it starts \(2026-02-01\)"):
        Period(date(2026, 2, 1), date(2026, 1, 1))


def test_an_open_period_is_as_long_as_there_are_counts(tmp_path: Path) -> None:
    with closing(store_of(tmp_path, [line(at=f"2026-10-{day} 08:00:00") for day in (19, 21)])) as store:
        assert pages(store).query.period == Period(date(2026, 10, 19), date(2026, 10, 21))
        assert pages(store, period=Period(start=date(2026, 10, 20))).query.period.end == date(2026, 10, 21)
        assert pages(store, period=Period(end=date(2026, 10, 20))).query.period.start == date(2026, 10, 19)
        # Ends that lie beyond what was counted: an empty answer, no error.
        assert pages(store, period=Period(start=date(2027, 1, 1))).total == 0
        assert pages(store, period=Period(end=date(2020, 1, 1))).total == 0
        assert len(history(store, Query(period=Period(end=date(2020, 1, 1)))).series) == 1


def test_a_store_without_counts_has_empty_answers(tmp_path: Path) -> None:
    with closing(store_of(tmp_path, [])) as store:
        assert pages(store).rows == []
        assert history(store, Query()).series == []
        assert history(store, Query(period=Period(TODAY, TODAY))).total == 0
        status = ledger_status(store, ())
        assert (status.files, status.complete_until, status.sites) == (1, None, [])


def test_rows_with_equal_views_are_in_the_order_of_their_values(tmp_path: Path) -> None:
    names = ["b", "a/z", "é", "a", "Z", "~"]
    with closing(store_of(tmp_path, [line(name.replace("é", "%25C3%25A9") + "/") for name in names])) as store:
        assert pages(store).rows == [BreakdownRow(name, 1) for name in sorted(names)]


def test_a_cursor_goes_on_after_its_row_even_if_that_is_gone(tmp_path: Path) -> None:
    with closing(
        store_of(tmp_path, [line(f"{page}/", at) for page in "abcd" for at in ("2026-10-19", "2026-10-20 01:00:00")])
    ) as store:
        first = pages(store, limit=2)
        assert first.next

        rest = pages(store, limit=2, cursor=first.next)

    assert [row.value for row in [*first.rows, *rest.rows]] == list("abcd")
    assert (first.total, rest.total, rest.next) == (8, 8, None)


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "", "bm9uZQ==", "WzEsIDJd", "é", "NQ==", "bnVsbA==", "W10=",
        write_cursor(1 << 63, "a"), write_cursor(-1, "a"), write_cursor(1, "\ud800"),
    ],
)  # fmt: skip
def test_a_cursor_that_no_answer_gave_is_refused(tmp_path: Path, cursor: str) -> None:
    with closing(store_of(tmp_path, [line()])) as store:
        if not cursor:
            assert pages(store, cursor=cursor).total == 1
            return
        with pytest.raises(ConfigError, match="cursor"):
            pages(store, cursor=cursor)


def test_an_unknown_page_is_told_with_what_was_perhaps_meant(tmp_path: Path) -> None:
    with closing(store_of(tmp_path, [line("blog/articles/a/"), line("about/")])) as store:
        with pytest.raises(ConfigError, match="'blog/article/a'; did you mean blog/articles/a"):
            history(store, Query(page="blog/article/a"))
        with pytest.raises(ConfigError, match=r"no views of a page 'zzz'$"):
            stored_views(store, Query(page="zzz"), "SortKey")


def test_of_many_sites_a_message_names_some(tmp_path: Path) -> None:
    lines = [line(f"none{number}", status=404, bucket=f"s{number:02}.example") for number in range(30)]
    with closing(store_of(tmp_path, lines)) as store, pytest.raises(ConfigError) as raised:
        pages(store, site="nobody.example")

    assert "s19.example and 10 more" in f"{raised.value.args} {raised.value}"


def test_raw_views_end_with_the_last_second_of_the_period(tmp_path: Path) -> None:
    edges = ["2026-10-19 23:59:59", "2026-10-20 00:00:00", "2026-10-20 23:59:59", "2026-10-21 00:00:00"]
    with closing(store_of(tmp_path, [line(at=at, request_id=at[8:10] + at[11:13]) for at in edges])) as store:
        day = date(2026, 10, 20)
        found = stored_views(store, Query(page="blog/a", period=Period(day, day)), "SortKey")

        assert [str(item["SortKey"]).partition("#")[2] for item in found.items] == ["2000", "2023"]


# A question


@pytest.mark.parametrize(
    ("asked", "wrong", "about"),
    [
        ({"prefix": "blog/", "page": "about"}, "page and prefix cannot be combined", "page"),
        ({"prefix": "blog/", "interval": "hour"}, "hours are not counted by prefix", "interval"),
        ({"interval": "minute"}, "no interval 'minute'; there are: hour, day", "interval"),
        ({"dimension": "browser", "page": "about"}, "browser is counted for the whole site", "page"),
        ({"dimension": "browsers"}, "no dimension 'browsers'; did you mean browser", ""),
        ({"measure": "hits"}, "no measure 'hits'; there is: views", "measure"),
        ({"dimension": "page", "measure": "requests"}, "no requests are counted by page; there is: views", "measure"),
        ({"dimension": "bot", "measure": "views"}, "no views are counted by bot; there is: requests", "measure"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_before_a_store_is_asked(asked, wrong, about) -> None:
    with pytest.raises(ConfigError, match=wrong) as caught:
        Query(**asked)

    assert caught.value.about == about


def test_a_question_echoes_what_was_asked_with_what_the_store_adds(tmp_path: Path) -> None:
    with closing(store_of(tmp_path, [line(at="2026-10-19 08:00:00")])) as store:
        found = total(store, Query(compare=True))

    assert found.query.echo(("site", "start", "end", "measure")) == {
        "site": "www.example.com", "start": "2026-10-19", "end": "2026-10-19", "measure": "views",
    }  # fmt: skip
    assert found.before is not None
    assert found.before.query.echo(("start", "end")) == {"start": "2026-10-18", "end": "2026-10-18"}


def test_every_dimension_has_a_measure_and_answers_by_it(tmp_path: Path) -> None:
    assert {measure for name in (None, *DIMENSIONS) for measure in measures_of(name)} == set(MEASURES)

    with closing(store_of(tmp_path, [line(), line("x", status=404)])) as store:
        for name in DIMENSIONS:
            own = breakdown(store, Query(dimension=name))
            assert own == breakdown(store, Query(dimension=name, measure=measures_of(name)[0]))
            assert own.query.measure == choose_measure(None, name)


# Days that there are logs of


@pytest.mark.parametrize(
    ("start", "end", "days", "days_before"),
    [
        ("2026-10-17", "2026-10-20", 4, 0),  # the first day and on
        ("2026-10-01", "2026-10-18", 2, 0),  # from before it
        ("2026-10-19", "2026-10-21", 3, 2),  # of the three days before there are logs of two
        ("2026-10-23", "2026-10-30", 2, 6),  # to after the last request, which is of the 24th, though it is no view
        ("2026-01-01", "2026-12-31", 8, 0),
        ("2025-01-01", "2025-12-31", 0, 0),
        ("2027-01-01", "2027-12-31", 0, 8),
    ],
)
def test_a_period_knows_how_many_of_its_days_there_are_logs_of(tmp_path, start, end, days, days_before) -> None:
    period = Period(date.fromisoformat(start), date.fromisoformat(end))
    lines = [line(at="2026-10-17 08:00:00"), line(at="2026-10-20 08:00:00"), line("x", "2026-10-24 08:00:00", status=404)]
    with closing(store_of(tmp_path, lines)) as store:
        found = total(store, Query(period=period, compare=True))

    assert found.before is not None
    assert (found.query.logged_days, found.before.query.logged_days) == (days, days_before)
    assert found.query.logged.start == date(2026, 10, 17)


@pytest.mark.parametrize(
    ("start", "latest", "covered", "change_text", "way"),
    [
        ("2026-10-18", "2026-10-20 06:00:00", 2.25, "+78 %", "up"),  # 8 views, where there were 6 in three days
        ("2026-10-19", "2026-10-20 06:00:00", 1.25, "-", None),  # of so little nothing is known
        ("2026-10-20", "2026-10-20 12:00:00", 0.5, "-", None),
        ("2026-10-20", "2026-10-20 23:00:00", 1, "+50 %", "same"),  # as good as over
        ("2026-10-18", "2026-10-21 06:00:00", 3, "+33 %", "same"),
    ],
)
def test_a_day_that_is_not_over_counts_as_the_part_of_it_that_the_logs_cover(
    tmp_path, start, latest, covered, change_text, way
) -> None:
    days = [*((day, 2) for day in range(14, 18)), (18, 3), (19, 2), (20, 3)]
    views = [line("a/", f"2026-10-{day} 05:00:00") for day, times in days for _ in range(times)]
    with (
        closing(store_of(tmp_path, [*views, line("x", latest, status=404)])) as store,
        patch.object(store, "latest", wraps=store.latest) as reading,
    ):
        found = total(store, Query(period=Period(date.fromisoformat(start), date(2026, 10, 20)), compare=True))

    assert found.before is not None
    compared = Comparison(found.query, found.before.query)
    assert reading.call_count == 1  # a DynamoDB store is charged for each
    assert found.query.covered_days == covered
    assert compared.change(found.total, found.before.total) == change_text
    assert compared.direction(found.total, found.before.total) == way
    said = "20 is only counted up to" in compared.text(), compared.text().endswith("changes compare daily averages")
    assert said == (way is None, covered == 2.25)


def test_days_with_logs_are_the_sites_own_in_its_time_zone(tmp_path: Path) -> None:
    write_log(tmp_path, [line(at="2026-10-20 23:30:00")], "a.log")
    url = f"sqlite:{tmp_path}/footfall.db"
    ask("import", tmp_path / "a.log", "--store", url, "--time-zone", "Europe/Berlin")
    with closing(open_store(url, ItemMap(DEFAULT_ITEM))) as store:
        found = total(store, Query(period=Period(TODAY.replace(day=1), TODAY), zone=ZoneInfo("Europe/Berlin")))

    assert found.query.logged == Period(date(2026, 10, 21), date(2026, 10, 21))


# More than one answer has room for


def test_a_series_of_each_row_is_bounded_before_it_is_made(tmp_path: Path) -> None:
    lines = [line(f"p{number}/") for number in range(60)]
    with closing(store_of(tmp_path, lines)) as store:
        ages = Query(dimension="page", period=Period(date(1971, 1, 1), date(2106, 12, 31)), series="day")
        few = breakdown(store, replace(ages, limit=2)).series
        tracemalloc.start()
        with pytest.raises(ConfigError, match=r"60 rows of 49,673 numbers .* logs from 2026-10-20 to 2026-10-20") as caught:
            breakdown(store, ages)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert caught.value.about == "series"
    assert most < 20_000_000
    assert few is not None
    assert [(len(series), sum(series)) for series in few.values()] == [(49_673, 1)] * 2


def test_a_history_of_millennia_counts_its_labels_rather_than_its_days(tmp_path: Path) -> None:
    ages = Query(period=Period(date(1971, 1, 1), date(5800, 12, 31)), interval="month", compare=False)
    with closing(store_of(tmp_path, [line()])) as store, patch.object(Period, "days", side_effect=AssertionError):
        found = history(store, ages)

    assert (len(found.series), found.total) == (3830 * 12, 1)
    assert [moment for moment in found.series if moment.views] == [Moment("2026-10-01", 1)]


# Sums


START = datetime(2026, 10, 23, tzinfo=UTC)
MOMENTS = st.lists(st.tuples(st.sampled_from(("a/", "a/b/", "b.html")), st.integers(0, 5 * 86_400)), min_size=1, max_size=40)


@settings(max_examples=trials(12), deadline=None)
@given(
    moments=MOMENTS,
    first=st.integers(0, 6),
    length=st.integers(0, 6),
    zone=st.sampled_from(("UTC", "Europe/Berlin", "Asia/Kolkata")),
)
def test_totals_equal_the_sum_of_a_history_equal_the_sum_of_rows(
    moments: list[tuple[str, int]], first: int, length: int, zone: str
) -> None:
    lines = [line(key, int(START.timestamp()) + second) for key, second in moments]
    start = date(2026, 10, 22) + timedelta(first)
    period = Period(start, start + timedelta(length))
    local = [(key, (START + timedelta(seconds=second)).astimezone(ZoneInfo(zone)).date()) for key, second in moments]
    truth = Counter(key.removesuffix("/") for key, day in local if start <= day <= start + timedelta(length))

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_log(folder, lines, "a.log")
        url = f"sqlite:{folder}/footfall.db"
        ask("import", folder / "a.log", "--store", url, "--time-zone", zone)
        with closing(open_store(url, ItemMap(DEFAULT_ITEM))) as store:
            query = Query(period=period, zone=ZoneInfo(zone))
            by_dimension = {
                name: breakdown(store, replace(query, dimension=name))
                for name, row in DIMENSIONS.items()
                if row.of_views and row.is_on and not name.startswith("campaign")
            }
            by_interval = {by: history(store, replace(query, interval=by)) for by in INTERVALS}
            of_pages = {
                (page, by): history(store, replace(query, interval=by, page=page))
                for page in {key.removesuffix("/") for key, _ in moments} for by in INTERVALS
            }  # fmt: skip

    assert dict(by_dimension["page"].rows) == truth
    for answer in by_dimension.values():
        assert answer.total == sum(row.views for row in answer.rows) == truth.total()
    for series in by_interval.values():
        assert series.total == sum(moment.views for moment in series.series) == truth.total()
    for (page, _), series in of_pages.items():
        assert series.total == truth[page]
