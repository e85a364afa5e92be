"""Reports over any store: periods as people write them, and totals that equal the sum of a history and of rows."""

import tempfile
from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.dimensions import DIMENSIONS
from footfall.errors import ConfigError
from footfall.items import DEFAULT_ITEM, ItemMap
from footfall.records import Row
from footfall.reports import INTERVALS, Period, breakdown, history, parse_period, status, views
from footfall.stores import Store, open_store

from .builders import ask, line, write_log

TODAY = date(2026, 11, 24)
UTC_ZONE = ZoneInfo("UTC")


def store_of(folder: Path, lines: list[bytes]) -> Store:
    write_log(folder / "logs", lines, "a.log")
    url = f"sqlite:{folder}/footfall.db"
    assert ask("import", folder / "logs", "--store", url).exit_code == 0
    return open_store(url, ItemMap(DEFAULT_ITEM))


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
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, first: str, last: str) -> None:
    assert parse_period(text, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    "text",
    [
        "", "tomorrow", "2022-13", "2022-02-30", "20221020", "20.10.2022", "0d", "-3d", "d", "²d", "9999999999d", "0000",
        "99999", "2022/10/20",
    ],
)  # fmt: skip
def test_what_is_no_period_is_named_with_what_would_be_right(text: str) -> None:
    with pytest.raises(ConfigError, match="write it as 2022-10-20") as caught:
        parse_period(text, TODAY)

    assert repr(text) in str(caught.value)


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"ends \(2026-01-01\) before it starts \(2026-02-01\)"):
        Period(date(2026, 2, 1), date(2026, 1, 1))


def test_an_open_period_is_as_long_as_there_are_counts(tmp_path: Path) -> None:
    with closing(store_of(tmp_path, [line(at=f"2026-10-{day} 08:00:00") for day in (19, 21)])) as store:
        assert breakdown(store, "page", Period()).query["start"] == "2026-10-19"
        assert breakdown(store, "page", Period(start=date(2026, 10, 20))).query["end"] == "2026-10-21"
        assert breakdown(store, "page", Period(end=date(2026, 10, 20))).query["start"] == "2026-10-19"
        # Ends that lie beyond what was counted: an empty answer, no error.
        assert breakdown(store, "page", Period(start=date(2027, 1, 1))).total == 0
        assert breakdown(store, "page", Period(end=date(2020, 1, 1))).total == 0
        assert len(history(store, Period(end=date(2020, 1, 1)), "day", zone=UTC_ZONE).series) == 1


def test_a_store_without_counts_has_empty_answers(tmp_path: Path) -> None:
    with closing(store_of(tmp_path, [])) as store:
        assert breakdown(store, "page", Period()).rows == []
        assert history(store, Period(), "day", zone=UTC_ZONE).series == []
        assert history(store, Period(TODAY, TODAY), "day", zone=UTC_ZONE).total == 0
        assert (status(store).files, status(store).complete_until, status(store).sites) == (1, None, [])


def test_rows_with_equal_views_are_in_the_order_of_their_values(tmp_path: Path) -> None:
    pages = ["b", "a/z", "é", "a", "Z", "~"]
    with closing(store_of(tmp_path, [line(page.replace("é", "%25C3%25A9") + "/") for page in pages])) as store:
        assert breakdown(store, "page", Period()).rows == [Row(page, 1) for page in sorted(pages)]


def test_a_cursor_goes_on_after_its_row_even_if_that_is_gone(tmp_path: Path) -> None:
    with closing(
        store_of(tmp_path, [line(f"{page}/", at) for page in "abcd" for at in ("2026-10-19", "2026-10-20 01:00:00")])
    ) as store:
        first = breakdown(store, "page", Period(), limit=2)
        assert first.next

        rest = breakdown(store, "page", Period(), limit=2, cursor=first.next)

    assert [row.value for row in first.rows + rest.rows] == list("abcd")
    assert (first.total, rest.total, rest.next) == (8, 8, None)


@pytest.mark.parametrize("cursor", ["x", "", "bm9uZQ==", "WzEsIDJd", "é", "NQ==", "bnVsbA==", "W10="])
def test_a_cursor_that_no_answer_gave_is_refused(tmp_path: Path, cursor: str) -> None:
    with closing(store_of(tmp_path, [line()])) as store:
        if not cursor:
            assert breakdown(store, "page", Period(), cursor=cursor).total == 1
            return
        with pytest.raises(ConfigError, match="cursor"):
            breakdown(store, "page", Period(), cursor=cursor)


def test_an_unknown_page_is_told_with_what_was_perhaps_meant(tmp_path: Path) -> None:
    with closing(store_of(tmp_path, [line("blog/articles/a/"), line("about/")])) as store:
        with pytest.raises(ConfigError, match="'blog/article/a'; did you mean blog/articles/a"):
            history(store, Period(), "day", page="blog/article/a", zone=UTC_ZONE)
        with pytest.raises(ConfigError, match=r"no views of a page 'zzz'$"):
            views(store, "zzz", Period(), sort_key="SortKey", zone=UTC_ZONE)


def test_raw_views_end_with_the_last_second_of_the_period(tmp_path: Path) -> None:
    edges = ["2026-10-19 23:59:59", "2026-10-20 00:00:00", "2026-10-20 23:59:59", "2026-10-21 00:00:00"]
    with closing(store_of(tmp_path, [line(at=at, request_id=at[8:10] + at[11:13]) for at in edges])) as store:
        day = date(2026, 10, 20)
        _, items, _ = views(store, "blog/a", Period(day, day), sort_key="SortKey", zone=UTC_ZONE)

        assert [str(item["SortKey"]).partition("#")[2] for item in items] == ["2000", "2023"]


START = datetime(2026, 10, 23, tzinfo=UTC)
MOMENTS = st.lists(st.tuples(st.sampled_from(("a/", "a/b/", "b.html")), st.integers(0, 5 * 86_400)), min_size=1, max_size=40)


@settings(max_examples=25, deadline=None)
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
            by_dimension = {name: breakdown(store, name, period) for name, row in DIMENSIONS.items() if row.of_views}
            by_interval = {by: history(store, period, by, zone=ZoneInfo(zone)) for by in INTERVALS}
            of_pages = {
                (page, by): history(store, period, by, page=page, zone=ZoneInfo(zone))
                for page in {key.removesuffix("/") for key, _ in moments} for by in INTERVALS
            }  # fmt: skip

    assert dict(by_dimension["page"].rows) == truth
    for answer in by_dimension.values():
        assert answer.total == sum(row.views for row in answer.rows) == truth.total()
    for series in by_interval.values():
        assert series.total == sum(moment.views for moment in series.series) == truth.total()
    for (page, _), series in of_pages.items():
        assert series.total == truth[page]
