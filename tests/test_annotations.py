"""`footfall annotation` and `/api/v1/annotations`: a line of text at a day, whatever is written in it."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from footfall.api.service import Service
from footfall.cli.annotation import LONGEST_TEXT, MOST_OF_SITE
from footfall.settings import load_settings
from footfall.stores import open_store
from footfall.stores.shapes import Annotation

from .builders import ask, line, says, write_log
from .conftest import KEPT
from .serving import api_over

SITE = "www.example.com"
FORMULA = "=HYPERLINK(\"http://evil.example\") <img src=x onerror=alert(1)> &amp; 'quoted' 👩‍💻"


@pytest.fixture
def counted(here: Path) -> str:
    """The URL of a store with views of two sites, of which one has more."""
    write_log(
        here / "logs",
        [line(), line("b/", "2026-10-21 08:00:00"), line(bucket="blog.example", tail="- hostid= - - - blog.example - - -")],
    )
    item = '{ PageName = "{site}/{page}", SortKey = "{epoch}" }'
    assert ask("import", "logs", "--item", item).exit_code == 0
    return f"sqlite:{here}/footfall.db"


def test_what_happened_is_noted_listed_and_removed_site_by_site(counted: str) -> None:
    def noted(*asked: str) -> list[tuple[str, str, str]]:
        return [
            (row["site"], row["day"], row["text"]) for row in ask("annotation", "list", *asked, "--json").json["annotations"]
        ]

    added = ask("annotation", "add", "2026-10-21", f"  {FORMULA} ", "--site", SITE)
    assert added.stdout == f"2026-10-21  {FORMULA}\n"
    ask("annotation", "add", "2026-10-21", "another", "--site", SITE)
    assert "was there already" in ask("annotation", "add", "2026-10-21", "another", "--site", SITE.upper()).stdout
    ask("annotation", "add", "2026-11-02", "later", "--site", SITE)
    ask("annotation", "add", "2026-10-21", "of the blog", "--site", "blog.example")

    of_site = [(SITE, "2026-10-21", FORMULA), (SITE, "2026-10-21", "another"), (SITE, "2026-11-02", "later")]
    assert noted("--site", SITE) == of_site
    assert noted() == [("blog.example", "2026-10-21", "of the blog"), *of_site]
    assert noted("--period", "2026-10", "--site", SITE) == of_site[:2]
    assert noted("--start", "2026-11") == of_site[2:]
    assert noted("--end", "2026-10-20") == []
    shown = ask("history", "--site", SITE, "--period", "2026-10").stdout.splitlines()[-2:]
    assert [shown[0][:12], shown[1]] == ["2026-10-21: ", "2026-10-21: another"]
    cells = [*csv.reader(io.StringIO(ask("annotation", "list", "--csv").stdout))]
    assert cells[2] == [SITE, "2026-10-21", f"'{FORMULA}"]
    says(ask("annotation", "remove", "2026-10-21", "--site", SITE), "2 annotations", "another", "TEXT", code=2)
    assert ask("annotation", "remove", "2026-10-21", "another", "--site", SITE).stdout == "removed 2026-10-21  another\n"
    assert ask("annotation", "remove", "2026-10-21", "--site", SITE, "--json").json["removed"]["text"] == FORMULA
    assert noted() == [("blog.example", "2026-10-21", "of the blog"), of_site[2]]


def test_what_is_no_annotation_is_refused_with_the_remedy(counted: str) -> None:
    def refused(*asked: str) -> str:
        answer = ask("annotation", *asked, "--site", SITE)
        says(answer, code=2)
        return answer.stderr

    assert "more than one day" in refused("add", "2026-10", "a month")
    assert "no day or period" in refused("add", "soon", "a")
    assert "TEXT is empty" in refused("add", "today", " ")
    assert f"{LONGEST_TEXT} are the most" in refused("add", "today", "x" * (LONGEST_TEXT + 1))
    for odd in ("two\nlines", "bell\a", "turned \u202eround", "\u2066isolated", "\x9b31m"):
        assert "without control characters" in refused("add", "today", odd)
    assert "footfall annotation list" in refused("remove", "2026-10-21")
    assert "no site 'nobody.example'" in ask("annotation", "add", "today", "a", "--site", "nobody.example").stderr
    assert "several sites" in ask("annotation", "add", "today", "a").stderr
    store = open_store(counted, KEPT)
    store.prepare("UTC")
    for number in range(MOST_OF_SITE):
        store.annotations.add(Annotation(SITE, "2026-10-20", f"{number}"))
    store.close()
    assert "remove one first" in refused("add", "today", "one more")
    assert ask("annotation", "add", "today", "of another site", "--site", "blog.example").exit_code == 0


def test_over_http_they_are_as_public_as_the_dashboard_and_not_for_a_token_for_some_pages(counted: str) -> None:
    path = "/api/v1/annotations"
    ask("annotation", "add", "2026-10-21", FORMULA, "--site", SITE)
    ask("annotation", "add", "2026-10-21", "of the blog", "--site", "blog.example")
    keys = {name: ask("token", "add", name, *only, "--json").json["token"] for name, *only in
            (("all",), ("shared", "--only", "/"), ("pages", "--only", "/b"))}  # fmt: skip

    with api_over(counted, asks_token=True, public="/api/v1/stats/history") as api:

        def get(token: str, query: str = "") -> Any:
            return api.get(f"{path}{query}", headers={"Authorization": f"Bearer {keys[token]}"})

        assert api.get(path).status_code == 401
        assert [get(token).status_code for token in keys] == [200, 200, 403]
        assert get("all", f"?site={SITE}&period=2026-10").json()["annotations"] == [
            {"site": SITE, "day": "2026-10-21", "text": FORMULA}
        ]
        assert get("all", "?start=2026-10-22").json()["annotations"] == []
        assert get("all", "?site=nobody.example").status_code == 400
        assert f"'{FORMULA[:10]}" in get("all", f"?site={SITE}&format=csv").text.replace('""', '"')
    service = Service(load_settings(None, {"store": counted, "public": "dashboard"}, {}), asks_token=True)
    assert path in service.public
