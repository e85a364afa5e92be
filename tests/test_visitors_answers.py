"""Visitors in answers: of a site, beside its views; a period is the sum of its days, and what is not known is not 0."""

from pathlib import Path
from typing import Any

import pytest

from .builders import ask, line, name, write_log
from .serving import api_over

DAYS = {"2026-10-12": (1, 1, 2), "2026-10-13": (1, 3), "2026-10-20": (2, 4, 4), "2026-10-22": (5,)}


def lines(days: dict[str, tuple[int, ...]]) -> list[bytes]:
    """A view of each of these readers, on their days."""
    return [
        line(at=f"{day} 0{hour}:00:00", remote_ip=f"198.51.100.{reader}")
        for day, readers in days.items()
        for hour, reader in enumerate(readers)
    ]


@pytest.fixture(autouse=True)
def _counted(here: Path) -> None:
    write_log(here / "logs", lines(DAYS))
    assert ask("import", "logs").exit_code == 0


def series(*arguments: str) -> dict[str, Any]:
    return {row["at"]: row.get("visitors", "none") for row in ask("history", *arguments, "--json").json["series"]}


def test_a_history_has_the_visitors_of_each_moment_and_their_sum() -> None:
    days, weeks = series("--start", "2026-10-19"), series("--by", "week")

    assert days == {"2026-10-19": 0, "2026-10-20": 2, "2026-10-21": 0, "2026-10-22": 1}
    assert weeks == {"2026-10-12": 4, "2026-10-19": 3}
    found = ask("history", "--json").json
    assert (found["total"], found["visitors"], found["unknown_visitor_days"]) == (9, 7, 0)


def test_pages_and_hours_have_no_visitors_of_their_own() -> None:
    assert set(series("blog/a").values()) == set(series("--by", "hour").values()) == {"none"}
    assert "visitors" not in ask("history", "blog/a", "--json").json


def test_by_visitors_they_are_what_is_counted() -> None:
    found = ask("history", "--measure", "visitors", "--start", "2026-10-20", "--compare", "--json").json

    assert [(row["views"], row["visitors"]) for row in found["series"]] == [(3, 2), (0, 0), (1, 1)]
    assert (found["query"]["measure"], found["total"], found["previous"]["total"]) == ("visitors", 3, 0)


@pytest.mark.parametrize("asked", [("blog/a",), ("--by", "hour")])
def test_by_visitors_neither_a_page_nor_hours_can_be_asked_for(asked: tuple[str, ...]) -> None:
    answer = ask("history", *asked, "--measure", "visitors")

    assert answer.exit_code == 2
    assert "visitors are " in answer.stderr
    assert "Traceback" not in answer.stderr


def test_people_see_them_first_and_that_a_period_is_the_sum_of_its_days() -> None:
    told = ask("history", "--start", "2026-10-20").stdout.splitlines()

    assert told[0].split() == ["Visitors", "Views", "Day"]
    assert told[1].split()[:3] == ["2", "3", "2026-10-20"]
    assert told[-1] == "visitors: 3, the sum of the days"


def test_csv_has_them_as_a_column_of_their_own_at_the_end() -> None:
    assert ask("history", "--start", "2026-10-20", "--csv").stdout.splitlines()[:2] == ["at,views,visitors", "2026-10-20,3,2"]
    assert ask("history", "--start", "2026-10-20", "--csv", "--compare").stdout.startswith("at,views,before,visitors")


def test_days_that_nothing_is_known_of_are_null_and_not_0(here: Path) -> None:
    write_log(here / "more", lines({"2026-10-21": (1, 2), "2026-11-02": (1,)}), name(2))
    ask("import", "more", "--visitors", "false")

    found = ask("history", "--json").json

    assert [row["visitors"] for row in found["series"] if row["at"] in ("2026-10-20", "2026-10-21", "2026-10-23")] == [
        2,
        None,
        0,
    ]
    assert (found["visitors"], found["unknown_visitor_days"]) == (7, 2)
    assert series("--by", "month") == {"2026-10-01": 7, "2026-11-01": None}
    assert ask("history").stdout.splitlines()[-1] == "visitors: 7, the sum of the days; not known of 2 days"
    assert ask("history", "--start", "2026-11", "--json").json["visitors"] is None
    assert ask("history", "--start", "2026-11").stdout.split()[0] == "Views"


def test_over_http_totals_and_histories_have_them_beside_views(here: Path) -> None:
    with api_over("sqlite:footfall.db") as api:
        total = api.get("/api/v1/stats/total?start=2026-10-13&end=2026-10-20&compare=previous").json()
        by_visitors = api.get("/api/v1/stats/total?measure=visitors").json()
        of_page = api.get("/api/v1/stats/total?page=blog/a").json()
        rows = api.get("/api/v1/stats/history?format=csv&start=2026-10-20").text.splitlines()
        refused = api.get("/api/v1/stats/total?measure=visitors&page=blog/a")
        breakdown = api.get("/api/v1/stats/page?measure=visitors")

    assert (total["total"], total["visitors"], total["previous"]["visitors"]) == (5, 4, 2)
    assert (by_visitors["total"], by_visitors["visitors"], by_visitors["query"]["measure"]) == (7, 7, "visitors")
    assert "visitors" not in of_page
    assert rows[:2] == ["at,views,visitors", "2026-10-20,3,2"]
    assert refused.json() == {
        "error": "measure: visitors are only counted for the whole site: leave out page, prefix and filter"
    }
    assert breakdown.status_code == 400


def test_the_articles_endpoints_answer_as_ever(here: Path) -> None:
    with api_over("sqlite:footfall.db") as api:
        assert api.get("/pagetotals").json() == {"blog/a": 9}
        assert api.get("/pagehistory?page=blog/a&from_date=2026-10-20&to_date=2026-10-20").json() == {"2026-10-20": 3}
