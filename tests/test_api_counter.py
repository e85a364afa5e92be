"""Counters: a page's views as a picture and as JSON, for everybody whose page the owner made public."""

from collections.abc import Iterator
from urllib.parse import quote
from xml.etree import ElementTree

import httpx
import pytest

from .builders import ask, line, write_log
from .serving import api_over

HOSTILE = 'blog/<svg onload="alert(1)">&\'\u0007\u202e'
LINES = [line("blog/a/"), line("blog/a/"), line("drafts/secret/"), line(f"{quote(quote(HOSTILE))}/"), line("index.html")]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("counter")
    url = f"sqlite:{folder}/footfall.db"
    assert ask("import", write_log(folder, LINES), "--store", url).exit_code == 0
    return url


@pytest.fixture(scope="module")
def api(store: str) -> Iterator[httpx.Client]:
    """Anyone, where the counters of the blog are public."""
    with api_over(store, asks_token=True, public=["/counter?prefix=blog/"]) as api:
        yield api


def test_a_counter_is_a_picture_that_any_page_may_show(api: httpx.Client) -> None:
    answer = api.get("/counter/blog/a.svg?label=seen")

    texts = [each.text for each in ElementTree.fromstring(answer.content).iter() if each.tag.endswith("text")]  # noqa: S314
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert texts == ["seen", "2"]
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    again = api.get("/counter/blog/a.svg?label=seen", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.headers["cross-origin-resource-policy"]) == (304, "cross-origin")


def test_a_counter_is_there_as_json_and_0_for_a_page_that_nobody_saw(api: httpx.Client) -> None:
    answer, unseen = api.get("/counter/blog/a.json"), api.get("/counter/blog/new/index.html.json")

    found = {name: value for name, value in answer.json().items() if name not in ("complete_until", "capacity")}
    assert found == {"page": "blog/a", "views": 2, "count": "2", "label": "views"}
    assert (unseen.json()["page"], unseen.json()["views"]) == ("blog/new", 0)
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_names_that_strangers_chose_stay_text_in_the_picture(api: httpx.Client) -> None:
    picture = ElementTree.fromstring(api.get(f"/counter/{quote(HOSTILE)}.svg?label=%22%3E%3Cscript%3E").content)  # noqa: S314

    tags = {each.tag.rpartition("}")[2] for each in picture.iter()}
    assert tags == {"svg", "title", "rect", "path", "g", "text"}
    assert {name for each in picture.iter() for name in each.attrib if name.startswith("on")} == set()
    assert HOSTILE.replace("\u0007", "\ufffd") in picture.get("aria-label", "")


@pytest.mark.parametrize(
    "path",
    [
        "drafts/secret",
        "blog",
        "/",
        "index.html",
        "blog/../drafts/secret",
        "%2e%2e/drafts/secret",
        "/blog/../drafts/secret",
        "blo",
    ],
)
@pytest.mark.parametrize("kind", ["svg", "json"])
def test_only_the_counters_that_the_owner_named_are_public(path: str, kind: str, api: httpx.Client) -> None:
    answer = api.get(f"/counter/{path}.{kind}")

    assert answer.status_code in (401, 200)
    assert answer.status_code == 401 or totals_of(answer) == 0  # a page of that very name below blog/, which nobody saw
    assert api.get(f"/counter/{path}.{kind}?page=blog/a").status_code in (400, 401)


def totals_of(answer: httpx.Response) -> int:
    return int(answer.json()["views"]) if "json" in answer.headers["content-type"] else int(b">0<" not in answer.content)


@pytest.mark.parametrize("path", ["/counter", "/counter/", "/counter/blog/a", "/counter/blog/a.png", "/counter/blog/a.svg/"])
def test_what_is_no_counter_is_not_there(path: str, api: httpx.Client) -> None:
    assert api.get(path).status_code == 404


def test_a_counter_of_the_whole_site_has_a_path_that_no_page_has(store: str) -> None:
    with api_over(store, asks_token=True, public=["/counter"]) as api:
        picture = api.get("/counter.svg?label=seen")
        texts = [each.text for each in ElementTree.fromstring(picture.content).iter()]  # noqa: S314
        site, blog, page = (
            api.get(path).json() for path in ("/counter.json", "/counter.json?prefix=blog/", "/counter/index.html.json")
        )
        unknown = api.get("/counter.json?page=blog/a")

    assert ("5 seen" in texts, "5" in texts) == (True, True)
    assert picture.headers["cache-control"] == "public, max-age=60"
    assert picture.headers["cross-origin-resource-policy"] == "cross-origin"
    assert {name: site[name] for name in ("prefix", "views", "count", "label")} == {
        "prefix": "", "views": 5, "count": "5", "label": "views"
    }  # fmt: skip
    assert (blog["prefix"], blog["views"]) == ("blog/", 3)
    assert page["page"] == "/"
    assert unknown.status_code == 400


@pytest.mark.parametrize(
    ("public", "whole", "blog", "page"),
    [("/counter.json", 200, 200, 401), ("/counter?prefix=blog/", 401, 200, 200), ("/counter/{page}.json", 401, 401, 200)],
)
def test_the_whole_site_is_public_only_where_its_owner_says_so(store, public, whole, blog, page) -> None:
    with api_over(store, asks_token=True, public=[public]) as api:
        asked = ("/counter.json", "/counter.json?prefix=blog/", "/counter/blog/a.json")

        assert [api.get(path).status_code for path in asked] == [whole, blog, page]


def test_the_word_dashboard_makes_public_what_the_dashboard_asks_and_no_view(store: str) -> None:
    asked = [
        "sites",
        "status",
        "dimensions",
        "stats/total",
        "stats/history?interval=day",
        "stats/page",
        "stats/bot",
        "stats/referrer",
    ]
    with api_over(store, asks_token=True, public=["dashboard"]) as api:
        assert [api.get(f"/api/v1/{path}").status_code for path in asked] == [200] * len(asked)
        for path in ("/api/v1/views?page=blog/a", "/api/v1/views/referrers?page=blog/a", "/pagetotals", "/counter/blog/a.svg"):
            assert api.get(path).status_code == 401, path
