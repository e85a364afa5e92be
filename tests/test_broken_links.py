"""The dimension `broken_link`: what was not found although a page led somebody to it, and which page that was."""

import re
from typing import Any

import pytest

from footfall.digest import make_digester
from footfall.pageviews.counting import Counting

from .builders import FIREFOX, GOOGLEBOT, SITE, ask, line

OWN = f"https://{SITE}"
NEWS = "https://www.news.example/post/?utm_source=x#top"


def found_in(*lines: bytes, log_format: str = "s3", counting: Counting | None = None) -> dict[str, int]:
    said = make_digester(log_format, counting or Counting()).read([b"\n".join(lines)])
    return {value: times for (_, dimension, _, value), times in said.drops.items() if dimension == "broken_link"}


def missing(key: str = "blog/old", referrer: str = NEWS, **more: Any) -> bytes:
    return line(key, status=404, referrer=referrer, **more)


def test_a_broken_link_is_counted_by_what_is_missing_and_where_the_link_is():
    found = found_in(
        missing(), missing(), missing(referrer=f"{OWN}/blog/links/index.html"), missing(referrer=f"{OWN}/"),
        missing(referrer="https://garden.example/"), line("blog/old", status=403, referrer=NEWS),
    )  # fmt: skip

    assert found == {
        "blog/old from news.example/post": 3, "blog/old from /blog/links": 1, "blog/old from /": 1,
        "blog/old from garden.example": 1,
    }  # fmt: skip


def test_pictures_and_styles_that_a_page_wants_are_links_too():
    assert found_in(missing("img/a.png", f"{OWN}/blog/a/")) == {"img/a.png from /blog/a": 1}


@pytest.mark.parametrize(
    "dropped",
    [
        missing(referrer="-"),
        missing(referrer="no address at all"),
        missing(referrer=f"{OWN}/blog/old/"),  # it names itself
        missing(agent=GOOGLEBOT),
        missing("wp-login.php", f"{OWN}/"),
        missing("wp-login.php", "https://www.google.com/"),
        missing(".env", f"{OWN}/"),
        missing("a/.git/config", f"{OWN}/a/"),
        missing("backup/site.sql", f"{OWN}/"),
        missing("cgi-bin/x", f"{OWN}/"),
        missing("backup.zip", f"{OWN}/"),
        missing("manager/html", f"{OWN}/"),
        missing("wp-content/x.php", "https://www.google.com/search?q=x"),
        missing(".env", NEWS),  # a scanner invents pages of other sites, too
        missing("wp-login.php", NEWS),
        missing("remote/login", NEWS),
        missing(referrer="http://203.0.113.9/blog/old"),  # itself, under another name of the site's
        missing("blog/a%20b", "http://203.0.113.9/blog/a%20b/"),
        missing("crossdomain.xml", f"{OWN}/blog/a/"),
        missing("favicon.ico", f"{OWN}/blog/a/"),
        missing("apple-touch-icon-120x120.png", f"{OWN}/blog/a/"),
        missing("app.js.map", f"{OWN}/blog/a/"),
        line("blog/old", status=500, referrer=NEWS),
    ],
)
def test_who_follows_no_link_finds_no_broken_one(dropped):
    assert found_in(dropped) == {}


def test_a_page_of_another_site_may_link_to_what_scanners_look_for_too():
    found = found_in(missing("index.php", NEWS), missing("wp-content/uploads/a.png", NEWS), missing("backup.zip", NEWS))

    assert [*found] == [f"{page} from news.example/post" for page in ("index.php", "wp-content/uploads/a.png", "backup.zip")]


def test_who_links_from_a_host_of_the_owners_is_internal():
    counting = Counting(sites=(SITE,), own_hosts=("old.example",))

    assert found_in(missing(referrer="https://old.example/a/"), counting=counting) == {"blog/old from /a": 1}


def test_links_are_found_in_logs_of_servers_too():
    record = b'192.0.2.1 - - [26/Nov/2026:08:00:00 +0000] "GET /blog/old HTTP/1.1" 404 9 "https://news.example/post" "-"'

    assert found_in(record, log_format="combined") == {}
    assert found_in(record.replace(b'"-"', b'"Lynx/2.9"'), log_format="combined") == {"blog/old from news.example/post": 1}


def test_bots_of_the_owners_patterns_follow_no_links():
    assert found_in(missing(agent=FIREFOX), counting=Counting(bots=(re.compile("firefox", re.IGNORECASE),))) == {}


def test_what_no_page_is_missing_in_still_hints_at_the_setting_that_would_count_it(here):
    (here / "a.log").write_bytes(b"\n".join([missing("about"), missing("team"), *[line("contact", status=404)] * 3]))

    assert "single_page_app" in ask("import", "a.log").stderr


def test_what_is_missing_is_asked_for_as_it_is_copied(here):
    (here / "a.log").write_bytes(b"\n".join([missing("blog/old"), missing("docs/old")]))
    ask("import", "a.log")

    assert ask("top", "broken_link", "--prefix", f"{OWN}/blog/", "--json").rows == {"blog/old from news.example/post": 1}
