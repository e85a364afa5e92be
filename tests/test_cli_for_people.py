"""Answers as people read them in a terminal: what a table leaves out, totals, comparisons, and labels."""

import os
import pty
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from .builders import CHROME, FIREFOX, FOOTFALL, ask, clean_environment, line, write_log

pytestmark = pytest.mark.usefixtures("here")


LATE = line("gone/", "2026-10-18 23:30:00", status=404)  # so that the last day is over


@pytest.fixture
def two_weeks(here: Path) -> None:
    """
    Views from 2026-10-05 on: of a/ one on each of seven days and two on each of the next, of b/ ten on the last day.
    """
    days = [f"2026-10-{day:02}" for day in range(5, 19)]
    views = [line("a/", f"{day} 08:00:00") for number, day in enumerate(days) for _ in range(1 + number // 7)]
    write_log(here / "logs", [*views, *(line("b/", "2026-10-18 09:00:00") for _ in range(10)), LATE])
    ask("import", "logs")


def shown(*args: str) -> list[str]:
    """The lines of an answer, without what pads its columns."""
    return [" ".join(row.split()) for row in ask(*args).stdout.splitlines()]


def on_a_terminal(*args: str, columns: int) -> str:
    """What footfall shows on a terminal that is so wide."""
    ours, theirs = pty.openpty()
    environment = clean_environment({"TERM": "xterm", "COLUMNS": str(columns)})
    with subprocess.Popen([*FOOTFALL, *args], stdout=theirs, stderr=theirs, env=environment) as asked:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # that is how a terminal ends
            while more := os.read(ours, 4096):
                shown += more
        os.close(ours)
    assert asked.returncode == 0
    return shown.decode().replace("\r\n", "\n")


# --- what is left out ---


def test_thirty_rows_are_shown_and_how_to_see_more(here: Path) -> None:
    write_log(here / "logs", [line(f"p{page:02}/") for page in range(42) for _ in range(2 if page < 30 else 1)])
    ask("import", "logs")

    told = ask("pages").stdout.splitlines()

    assert (told[0], told[1], told[30]) == ("   Views  Share  Page", "       2    3 %  p00", "       2    3 %  p29")
    assert told[31:] == ["      12   17 %  and 12 more: --limit 42", "      72  100 %  in total, 2026-10-20"]
    assert ask("pages", "--limit", "42").stdout.splitlines()[-2:] == ["       1    1 %  p41", told[-1]]


def test_json_and_csv_have_all_rows(here: Path) -> None:
    write_log(here / "logs", [line(f"p{page:02}/") for page in range(42)])
    ask("import", "logs")

    assert len(ask("pages", "--json").json["rows"]) == 42
    assert ask("pages", "--json").json["query"]["limit"] is None
    assert len(ask("pages", "--csv").stdout.splitlines()) == 43


def test_a_period_without_logs_says_where_there_are_some(two_weeks: None) -> None:
    there = "; there are logs from 2026-10-05 to 2026-10-18\n"

    assert ask("pages", "--period", "2020").stdout == f"no page was counted in this period{there}"
    assert ask("history", "--period", "2020").stdout == f"nothing was counted in this period{there}"


# --- compared with the period before ---


def test_pages_compare_with_as_many_days_before(two_weeks: None) -> None:
    assert shown("pages", "--compare", "--start", "2026-10-12") == [
        "Views Before Change Share Page",
        "14 7 +100 % 58 % a",
        "10 0 new 42 % b",
        "24 7 +243 % 100 % in total, 2026-10-12 to 2026-10-18",
        "before: 2026-10-05 to 2026-10-11",
    ]


def test_days_before_the_first_log_are_no_days_to_compare_with(two_weeks: None) -> None:
    told = shown("pages", "--compare", "--start", "2026-10-09")

    assert "17 4 +70 % 63 % a" in told  # on ten days and on four
    assert told[-1] == "before: 2026-10-05 to 2026-10-08, the first days with logs; changes compare daily averages"
    assert shown("pages", "--compare")[0] == "Views Share Page"
    assert shown("pages", "--compare")[-1] == "nothing to compare with: there are no logs before 2026-10-05"


def test_top_compares_requests_too(here: Path) -> None:
    days = ["2026-10-19", "2026-10-20", "2026-10-20"]
    write_log(here / "logs", [line("gone.html", f"{day} 23:00:00", status=404) for day in days])
    ask("import", "logs")

    assert shown("top", "not_found", "--compare", "--period", "2026-10-20")[1] == "2 1 +100 % 100 % gone.html"


def test_a_history_stands_beside_the_one_before(two_weeks: None) -> None:
    told = shown("history", "--compare", "--period", "2026-10-12")

    assert [row for row in told if not row.startswith("suspected bots: not known")] == [
        "Visitors Views Before Change Day", f"1 2 1 +100 % 2026-10-12 {'▇' * 22}", "1 2 1 +100 % in total", "before: 2026-10-11"
    ]  # fmt: skip


def test_moments_that_begin_before_the_first_log_are_not_compared(two_weeks: None) -> None:
    told = shown("history", "a", "--compare", "--start", "2026-10-09")

    assert [row.split()[:2] for row in told[1:11]] == [["1", "-"]] * 3 + [["2", "-"]] * 3 + [["2", "1"]] * 4
    assert told[-2:] == [
        "17 4 +70 % in total",
        "before: 2026-10-05 to 2026-10-08, the first days with logs; the change in total compares daily averages",
    ]


def test_csv_has_the_views_of_before_after_those_of_now(two_weeks: None) -> None:
    pages = ask("pages", "--csv", "--compare", "--start", "2026-10-12").stdout.splitlines()
    history = ask("history", "--csv", "--compare", "--start", "2026-10-11").stdout.splitlines()

    assert pages == ["views,page,before", "14,a,7", "10,b,0"]
    assert history[:4] == ["at,views,before,visitors", "2026-10-11,1,,1", "2026-10-12,2,,1", "2026-10-13,2,1,1"]


def test_json_has_the_period_before_as_over_http(two_weeks: None) -> None:
    answer = ask("pages", "--json", "--compare", "--start", "2026-10-12").json

    assert answer["rows"] == [{"value": "a", "views": 14, "previous": 7}, {"value": "b", "views": 10, "previous": 0}]
    assert answer["previous"]["query"] == {"start": "2026-10-05", "end": "2026-10-11"}
    assert ask("history", "--json", "--compare", "--start", "2026-10-12").json["previous"]["total"] == 7


# --- single views ---


def test_views_are_aligned_and_at_the_sites_own_time(here: Path) -> None:
    write_log(
        here / "logs",
        [
            line(at="2026-10-20 22:30:00", agent=FIREFOX, total_time="-"),
            line(at="2026-10-20 08:00:00", referrer="https://a.example/"),
        ],
    )
    ask("import", "logs", "--time-zone", "Europe/Berlin")

    told = ask("views", "blog/a").stdout.splitlines()

    assert told == [
        "Time in Europe/Berlin  RemoteAddress  Referrer            ServiceTime  AgentString",
        f"2026-10-20 10:00:00    198.51.100.7   https://a.example/  12           {CHROME}",
        f"2026-10-21 00:30:00    198.51.100.7   -                   -            {FIREFOX}",
    ]


def test_views_on_a_terminal_fit_into_it(here: Path) -> None:
    write_log(here / "logs", [line()])
    ask("import", "logs")

    shown = on_a_terminal("views", "blog/a", columns=80).splitlines()

    assert len(shown[1]) == 80
    assert shown[1].startswith("2026-10-20 08:00:00  198.51.100.7   -         12           Mozilla/5.0")
    assert shown[1].endswith("…")


def test_views_say_that_more_follow_and_how_to_see_them(two_weeks: None) -> None:
    *_, last, more = ask("views", "a", "--limit", "3").stdout.splitlines()

    assert last.startswith("2026-10-07 08:00:00")
    assert more.startswith("and more: --cursor ")
    assert "2026-10-08 08:00:00" in ask("views", "a", *more.split()[2:]).stdout.splitlines()[1]
    assert (
        ask("views", "a", "--start", "2020", "--end", "2021").stdout
        == "there are no stored views of this page in this period\n"
    )


# --- labels ---


def test_a_month_is_named_without_its_first_day(two_weeks: None) -> None:
    assert shown("history", "--by", "month")[1].split()[2] == "2026-10"
    assert list(ask("history", "--by", "month", "--json").series) == ["2026-10-01"]
