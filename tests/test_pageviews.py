"""What counts, under which name, and what is stored of it."""

import ipaddress
import re
from collections import Counter, defaultdict
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.digest import Outcome, make_digester
from footfall.dimensions import DIMENSIONS
from footfall.errors import ConfigError
from footfall.fields import FIELDS
from footfall.formats.s3.fields import decode_key
from footfall.items import DEFAULT_ITEM, ItemMap
from footfall.pageviews.addresses import mask
from footfall.pageviews.counting import Counting
from footfall.pageviews.pages import is_page, page_name
from footfall.pageviews.referrers import referrer_host
from footfall.pageviews.rules import DROP_WHEN, REASONS, UNCOUNTED
from footfall.records import PageView, Request, Views
from footfall.tallies import MOST_VALUES, OTHER, Kept, bounded, occurrences, tallies, tally

from .conftest import Dropped, counts_of

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


def line(
    bucket="www.example.org", time="20/Oct/2022:08:49:42", remote_ip="198.51.100.7", requester="-", request_id="R1",
    operation="WEBSITE.GET.OBJECT", key="a.html", status="200", referrer="-", user_agent=BROWSER,
    rest="- h= - - - www.example.org",
) -> bytes:  # fmt: skip
    return (
        f"79a59df9 {bucket} [{time} +0000] {remote_ip} {requester} {request_id} {operation} {key} "
        f'"GET /{key} HTTP/1.1" {status} - 1 1 12 11 "{referrer}" "{user_agent}" {rest}'
    ).encode()


def explain(*lines: bytes, **settings) -> list[Outcome]:
    return [outcome for _, outcome in make_digester("s3", Counting(**settings)).explain(lines)]


def reason(content: bytes, **settings) -> str | None:
    (outcome,) = explain(content, **settings)
    return outcome.reason


def view(**fields) -> PageView:
    (outcome,) = explain(line(**fields))
    assert outcome.view is not None
    return outcome.view


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, None),
        ({"status": "304"}, None),
        ({"operation": "REST.GET.OBJECT"}, None),
        ({"key": "blog/"}, None),
        ({"key": "blog/index.html"}, None),
        ({"key": "old.HTM"}, None),
        ({"operation": "WEBSITE.HEAD.OBJECT"}, "not a read"),
        ({"operation": "REST.COPY.OBJECT_GET"}, "not a read"),
        ({"operation": "REST.GET.OBJECT_TAGGING"}, "not a read"),
        ({"operation": "BATCH.DELETE.OBJECT"}, "not a read"),
        ({"operation": "S3.EXPIRE.OBJECT"}, "not a read"),
        ({"requester": "arn:aws:iam::1:user/me"}, "signed"),
        ({"rest": "- h= SigV4 - QueryString www.example.org"}, "signed"),
        ({"requester": "65a011a29cdf8ec533ec3d1ccaae921c"}, None),
        ({"requester": "Anonymous"}, None),
        ({"requester": "65a011a29cdf8ec533ec3d1ccaae921c", "rest": "- h= SigV2 - QueryString www.example.org"}, "signed"),
        *(({"status": status}, "redirect") for status in ("301", "302", "307", "308")),
        *(({"status": status}, "not found") for status in ("403", "404")),
        ({"status": "206"}, "partial"),
        *(({"status": status}, "failed") for status in ("400", "416", "500", "503", "-", "204")),
        ({"key": "style.css"}, "not a page"),
        ({"key": "-"}, "not a page"),
        ({"key": "index.html.bak"}, "not a page"),
        ({"user_agent": "-"}, "bot"),
        ({"user_agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, "bot"),
        ({"user_agent": "curl/8.14.1", "key": "style.css"}, "not a page"),
        ({"requester": "arn:aws:iam::1:user/me", "status": "404"}, "signed"),
    ],
)
def test_a_request_counts_or_is_dropped_for_the_first_reason_that_holds(fields, expected):
    assert reason(line(**fields)) == expected


@pytest.mark.parametrize(
    ("settings", "fields", "expected"),
    [
        ({"sites": ("www.example.org",)}, {}, None),
        ({"sites": ("WWW.example.org",)}, {"bucket": "b"}, None),
        ({"sites": ("other.example",)}, {}, "other site"),
        ({"index_documents": ("home",)}, {"key": "blog/home"}, None),
        ({"exclude_paths": ("drafts/*",)}, {"key": "drafts/a/index.html"}, "excluded"),
        ({"exclude_paths": ("/drafts/",)}, {"key": "drafts/index.html"}, "excluded"),
        ({"exclude_paths": ("drafts/*",)}, {"key": "blog/drafts/a.html"}, None),
        ({"exclude_paths": ("drafts/index.html",)}, {"key": "drafts/index.html"}, "excluded"),
        ({"exclude_paths": ("/drafts/index.html",)}, {"key": "drafts/a/index.html"}, None),
        ({"exclude_paths": ("drafts/*/index.html",)}, {"key": "drafts/a/index.html"}, "excluded"),
        ({"exclude_paths": ("drafts/*/index.html",)}, {"key": "drafts/a.html"}, None),
        ({"exclude_paths": ("*/index.html",)}, {"key": "index.html"}, None),
        ({"exclude_paths": ("/index.html",)}, {"key": "index.html"}, "excluded"),
        ({"exclude_paths": ("/index.html",)}, {"key": "blog/index.html"}, None),
        ({"exclude_paths": ("/caf%C3%A9/",)}, {"key": "caf%25C3%25A9/index.html"}, "excluded"),
        ({"exclude_paths": ("/a%5Bb%5D/",)}, {"key": "a%255Bb%255D/index.html"}, "excluded"),
        ({"exclude_paths": ("#a",)}, {"key": "%2523a/index.html"}, "excluded"),
        ({"exclude_addresses": (ipaddress.ip_network("198.51.100.0/24"),)}, {}, "excluded"),
        ({"exclude_addresses": (ipaddress.ip_network("2001:db8::/32"),)}, {"remote_ip": "2001:db8::7"}, "excluded"),
        ({"exclude_addresses": (ipaddress.ip_network("203.0.113.7/32"),)}, {"remote_ip": "-"}, None),
        ({"bots": (re.compile("firefox", re.IGNORECASE),)}, {}, "bot"),
    ],
)
def test_the_owner_decides_what_else_counts(settings, fields, expected):
    assert reason(line(**fields), **settings) == expected


def test_the_same_record_again_is_a_duplicate_and_another_of_the_same_request_is_not():
    outcomes = explain(
        line(), line(), line(key="b.html"), line(key="b.html"), line(request_id="R2"), line(operation="REST.GET.OBJECT")
    )

    assert [outcome.reason for outcome in outcomes] == [None, "duplicate", None, "duplicate", None, None]


def test_blank_lines_are_passed_over_and_lines_keep_their_numbers():
    digester = make_digester("s3", Counting())

    told = [(number, outcome.outcome) for number, outcome in digester.explain([b"", line(), b" \r", b"rubbish"])]

    assert told == [(2, "view"), (4, "unreadable")]


@pytest.mark.parametrize("row", [*DROP_WHEN, *FIELDS.values()])
def test_rules_and_fields_read_what_a_request_has_and_settings_that_there_are(row):
    assert set(row.reads) <= set(Request._fields)
    assert all(hasattr(Counting(), name) for name in row.settings)
    assert row.reads == ("time",) or "time" not in row.reads
    assert row.about


@pytest.mark.parametrize(
    ("key", "page"),
    [
        ("index.html", "/"),
        ("/", "/"),
        ("//", "/"),
        ("blog/articles/a/index.html", "blog/articles/a"),
        ("blog/articles/a/", "blog/articles/a"),
        ("/blog/a.html", "blog/a.html"),
        ("myindex.html", "myindex.html"),
        ("caf%25C3%25A9/a%2520b/index.html", "café/a b"),
        ("%252520.html", "%20.html"),
        ("once%28encoded%29/", "once(encoded)"),
        ("a+b%252Bc.html", "a+b+c.html"),
        ("bad%25FF.html", "bad\ufffd.html"),
        ("%2523tags/", "%23tags"),
    ],
)
def test_a_page_is_its_decoded_path_without_index_document_and_slashes(key, page):
    assert page_name(f"/{decode_key(key)}", ("index.html",)) == page


@given(st.text(max_size=1500))
def test_any_key_makes_a_page_name_that_every_store_can_keep(key):
    page = page_name(f"/{key}", ("index.html",))

    assert page
    assert not page.startswith("#")
    assert len(page.encode()) <= 1024
    assert page == "/" or page.strip("/") == page
    is_page(key, ("index.html",))


@pytest.mark.parametrize(
    ("referrer", "host"),
    [
        (None, "(direct)"),
        ("", "(direct)"),
        ("https://www.Google.com/search?q=a", "google.com"),
        ("http://user:secret@news.example:8080/a", "news.example"),
        ("android-app://com.google.android.gm/", "com.google.android.gm"),
        ("news.example/a", "news.example"),
        ("http://www.example.org/blog/", "(internal)"),
        ("http://example.org", "(internal)"),
        ("http://localhost:8000/", "localhost"),
        ("http://[2001:db8::1]/", "[2001:db8::1]"),
        ("http://[2001:DB8:7::2]:8080/wiki", "[2001:db8:7::2]"),
        ("https://user@[::ffff:192.0.2.1]:443/", "[::ffff:192.0.2.1]"),
        ("http://192.0.2.1:8080/", "192.0.2.1"),
        ("https://bücher.example/", "bücher.example"),
        ('" onmouseover="alert(1)', "(unknown)"),
        ("/relative", "(unknown)"),
        ("//user@news.example/a", "news.example"),
        ("news.example:8080/a", "news.example"),
        ("mailto:someone@news.example", "(unknown)"),
        ("MAILTO:someone@example.org?subject=a", "(unknown)"),
        ("someone@news.example", "(unknown)"),
        ("javascript:news.example", "(unknown)"),
        ("a" * 5000, "(unknown)"),
    ],
)
def test_a_referrer_is_known_by_its_host(referrer, host):
    assert referrer_host(referrer, {"example.org"}) == host


@given(st.text(max_size=600))
def test_any_referrer_has_a_short_name(referrer):
    assert 0 < len(referrer_host(referrer, set()).encode()) <= 512


def test_the_sites_own_hosts_are_internal_whether_bucket_header_or_setting():
    for own in ("http://www.example.org/", "https://header.example/x", "https://cdn.example/"):
        fields = {"referrer": own, "rest": "- h= - - - header.example"}
        (outcome,) = explain(line(**fields), own_hosts=("www.cdn.example",))
        assert outcome.view is not None
        assert outcome.view.fields["referrer_host"] == "(internal)"


@pytest.mark.parametrize("own", ["2001:db8::1", "[2001:db8::1]", "[2001:DB8::1]:8080"])
def test_an_ipv6_address_of_ones_own_is_internal(own):
    (outcome,) = explain(line(referrer="http://[2001:db8::1]:8080/a"), own_hosts=(own,))

    assert outcome.view is not None
    assert outcome.view.fields["referrer_host"] == "(internal)"


ARTICLE = (
    b"d6ad5...6af62 www.forshaw.tech [20/Oct/2022:08:49:42 +0000] 14.161.28.234 - K6E...7N1 WEBSITE.GET.OBJECT "
    b"blog/articles/2021-11-21-understanding-scrum-part-2/index.html "
    b'"GET /blog/articles/2021-11-21-understanding-scrum-part-2/ HTTP/1.1" 200 - 21653 21653 100 99 '
    b'"http://www.forshaw.tech/blog/tags/" '
    b'"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:106.0) Gecko/20100101 Firefox/106.0" '
    b"- LA99A...EegEE= - - - www.forshaw.tech - -"
)


def test_the_articles_line_becomes_exactly_the_articles_item():
    item = ItemMap({"PageName": "{page}", "SortKey": "{epoch}", "AgentString": "{user_agent}", "RemoteAddress": "{remote_ip}"})

    (outcome,) = explain(ARTICLE, facts=item.facts)

    assert outcome.view is not None
    assert item.typed(item.make(outcome.view)) == {
        "PageName": {"S": "blog/articles/2021-11-21-understanding-scrum-part-2"},
        "SortKey": {"S": "1666255782"},
        "AgentString": {"S": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:106.0) Gecko/20100101 Firefox/106.0"},
        "RemoteAddress": {"S": "14.161.28.234"},
    }


def test_the_default_item_tells_views_of_one_second_apart_and_keeps_numbers():
    (outcome,) = explain(ARTICLE, facts=ItemMap(DEFAULT_ITEM).facts)

    assert outcome.view is not None
    assert ItemMap(DEFAULT_ITEM).make(outcome.view) == {
        "PageName": "blog/articles/2021-11-21-understanding-scrum-part-2",
        "SortKey": "1666255782#K6E...7N1",
        "AgentString": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:106.0) Gecko/20100101 Firefox/106.0",
        "RemoteAddress": "14.161.28.234",
        "Referrer": "http://www.forshaw.tech/blog/tags/",
        "ServiceTime": 100,
    }


def test_templates_rename_prefix_type_and_join_and_absent_fields_are_left_out():
    item = ItemMap(
        {
            "UserPages": "Richard#{site}/{page}",
            "SortKey": "{epoch}#{operation}",
            "When": "{time} {day}T{hour}",
            "From": "{referrer_host} 100%",
            "Agent": "{browser}/{system}",
            "Size": {"value": "{bytes_sent}", "type": "N"},
            "NotANumber": {"value": "{page}", "type": "N"},
            "Version": "v{version_id}",
        }
    )

    (outcome,) = explain(line(), facts=item.facts)

    assert outcome.view is not None
    assert item.make(outcome.view) == {
        "UserPages": "Richard#www.example.org/a.html",
        "SortKey": "1666255782#WEBSITE.GET.OBJECT",
        "When": "2022-10-20T08:49:42Z 2022-10-20T08",
        "From": "(direct) 100%",
        "Agent": "Firefox/Linux",
        "Size": 1,
    }


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ({"PageName": "{page}"}, "two attributes"),
        ({"PageName": "{site}", "SortKey": "{epoch}"}, "must contain {page}"),
        ({"PageName": "{page}{day}", "SortKey": "{epoch}"}, "and no other field"),
        ({"PageName": "{page}", "SortKey": "{request_id}"}, "begins with {epoch}"),
        ({"PageName": "{page}", "SortKey": "{epoch}", "A": "{colour}"}, "no field {colour}"),
        ({"PageName": "{page}", "SortKey": "{epoch}", "A": "{page!r}"}, "without ! or :"),
        ({"PageName": "{page}", "SortKey": "{epoch}", "A": "{page"}, "A = '{page'"),
        ({"PageName": "{page}", "SortKey": "{epoch}", "A": {"value": "{page}", "type": "B"}}, "type 'B'"),
        ({"PageName": "{page}", "SortKey": "{epoch}", "A": 7}, "must be text or"),
    ],
)
def test_an_item_that_cannot_be_is_refused_with_what_would_be_right(attributes, told):
    with pytest.raises(ConfigError, match=re.escape(told)):
        ItemMap(attributes)


def test_masked_addresses_are_masked_before_anything_is_stored():
    for address, masked in (("198.51.100.7", "198.51.100.0"), ("2001:db8:1:2::3", "2001:db8:1::"), ("-", None)):
        (outcome,) = explain(line(remote_ip=address), mask_addresses=True, facts=("remote_ip",))
        assert outcome.view is not None
        assert outcome.view.fields["remote_ip"] == masked


@given(st.text(max_size=40))
def test_masking_never_lets_an_address_through_whole(address):
    assert mask(address) is None or mask(address) != address or address.endswith((".0", "::"))


# Lines of every kind, some of them damaged.
lines = st.builds(
    line,
    time=st.sampled_from(["20/Oct/2022:08:49:42", "20/Oct/2022:23:59:59", "30/Oct/2022:00:30:00", "31/Feb/2022:00:00:00"]),
    remote_ip=st.sampled_from(["198.51.100.7", "2001:db8::1", "-"]),
    requester=st.sampled_from(["-", "-", "-", "arn:aws:iam::1:user/me", "A Origin Access Identity E1"]),
    request_id=st.sampled_from(["R1", "R2", "R3"]),
    operation=st.sampled_from([*["WEBSITE.GET.OBJECT", "REST.GET.OBJECT"] * 3, "REST.PUT.OBJECT"]),
    key=st.sampled_from(["a.html", "blog/", "style.css", "caf%25C3%25A9/index.html", "-"]),
    status=st.sampled_from(["200", "200", "304", "404", "302", "-"]),
    referrer=st.sampled_from(["-", "", "http://www.example.org/", "https://news.example/a", 'x" "y']),
    user_agent=st.sampled_from([BROWSER, BROWSER, "curl/8", "-", "", '"', 'a" 404 x 0 0 1 1 "-" "b']),
    rest=st.sampled_from(["", "-", "- h= - - - www.example.org", "- h= SigV4 - QueryString -"]),
) | st.sampled_from([b"", b" ", b"rubbish", line()[:120]])
SETTINGS = st.sampled_from(
    [{}, {"sites": ("other",)}, {"exclude_paths": ("blog*",)}, {"exclude_addresses": (ipaddress.ip_network("::/0"),)}]
)


def as_block(content: list[bytes]) -> bytes:
    return b"".join(each + b"\n" for each in content)


@given(content=st.lists(lines, max_size=30), cut=st.integers(0, 30), settings=SETTINGS)
def test_reading_many_lines_says_the_same_as_explaining_each(content, cut, settings):
    counting = Counting(**settings)
    said = make_digester("s3", counting).read([as_block(content[:cut]), as_block(content[cut:])])
    told = [outcome for _, outcome in make_digester("s3", counting).explain(content)]

    outcomes = Counter(outcome.reason if outcome.outcome == "dropped" else outcome.outcome for outcome in told)
    account = said.account
    assert {"view": account.views, "unreadable": account.unreadable, **account.dropped} == {
        "view": 0, "unreadable": 0, **outcomes,
    }  # fmt: skip
    assert account.lines == account.views + sum(account.dropped.values()) + account.unreadable == len(told)
    assert list(said.views) == [outcome.view for outcome in told if outcome.view]
    dropped = [outcome for outcome in told if outcome.outcome == "dropped" and outcome.reason not in UNCOUNTED]
    assert sum(times for (_, name, _, _), times in said.drops.items() if name == "status") == len(dropped)


def test_drops_are_counted_by_what_their_dimension_shows():
    said = make_digester("s3", Counting()).read(
        [as_block([line(key="caf%25C3%25A9.php", status="404"), line(user_agent="curl/8.14.1"), line(key="style.css"), line()])]
    )

    counts = {key[1:]: times for key, times in tally(said.views, said.drops).items()}

    assert counts["not_found", "2022-10-20", "café.php"] == 1
    assert counts["bot", "2022-10-20", "curl"] == 1
    assert counts["status", "2022-10-20", "200"] == 3
    assert counts["status", "2022-10-20", "404"] == 1
    assert counts["page", "2022-10-20", "a.html"] == 1


def test_what_is_dropped_is_counted_on_its_day_where_a_block_has_two() -> None:
    kathmandu = Counting(time_zone=ZoneInfo("Asia/Kathmandu"))  # 5:45 ahead of UTC
    before, after = "20/Oct/2022:18:14:59", "20/Oct/2022:18:15:00"
    missing = [line(time=time, status="404") for time in (before, after, after)]
    bots = [line(time=time, user_agent="curl/8.14.1") for time in (before, before, after)]

    said = make_digester("s3", kathmandu).read([as_block([*missing, *bots])])

    assert {(name, day): times for (_, name, day, _), times in said.drops.items() if name != "status"} == {
        ("not_found", "2022-10-20"): 1, ("not_found", "2022-10-21"): 2, ("bot", "2022-10-20"): 2, ("bot", "2022-10-21"): 1,
        ("bot_class", "2022-10-20"): 2, ("bot_class", "2022-10-21"): 1,
    }  # fmt: skip


def test_rare_values_of_an_open_dimension_are_counted_as_other_and_none_is_lost():
    drops = {Dropped("s", "2022-10-20", "not found", "404", f"scan-{number:04}"): 1 for number in range(300)}
    drops[Dropped("s", "2022-10-20", "not found", "404", "often")] = 7

    missing = {
        value: times for (_, name, _, value), times in tally(Views.of([]), counts_of(drops)).items() if name == "not_found"
    }

    assert len(missing) == MOST_VALUES + 1
    assert missing["often"] == 7
    assert missing[OTHER] == 101
    assert sum(missing.values()) == 307


def test_small_files_are_counted_together_as_one_after_the_other() -> None:
    files = [
        (
            Views.of([view(bucket=f"site-{number % 2}", key=f"p{number}.html")] * number),
            counts_of({Dropped("site-0", "2022-10-20", "not found", "404", f"scan-{number % 4}"): number}),
        )
        for number in range(6)
    ]
    together: Kept = defaultdict(set)
    alone: Kept = defaultdict(set)

    assert [*tallies(files, together)] == [bounded(occurrences(*file), alone) for file in files]
    assert together == alone
    assert {len(views) for views, _ in files} == {*range(6)}


def test_views_that_lie_in_the_same_columns_are_one_stretch_of_them() -> None:
    columns: dict[str, list[Any]] = {"time": [1, 2, 3, 4], "request_id": ["a", "b", "c", "d"]}
    files = [Views(columns, 0, 1), Views(columns, 1, 1), Views(columns, 1, 3), Views(columns, 0, 1), Views({"time": [9]})]

    joined = [*Views.joined(files)]

    assert [[*each.column("time")] for each in joined] == [[1, 2, 3], [1], [9]]
    assert [len(each) for each in files] == [1, 0, 2, 1, 1]
    assert files[2].where([False, True]).columns == {"time": [3], "request_id": ["c"]}


def test_every_view_counts_once_in_each_dimension_of_views():
    tagged = b"GET /a.html?utm_campaign=spring&utm_source=letter "
    lines = [line(request_id=f"R{number}").replace(b"GET /a.html ", tagged) for number in range(5)]

    counts = tally(Views.of([outcome.view for outcome in explain(*lines) if outcome.view]), {})

    for name, dimension in DIMENSIONS.items():
        if dimension.groups:
            continue  # reports put these together, and nothing counts them
        assert sum(times for key, times in counts.items() if key[1] == name) == (5 if dimension.of_views else 0)


def test_every_reason_is_a_rule_or_the_duplicates():
    assert set(REASONS) == {rule.reason for rule in DROP_WHEN} | {"duplicate"}
    assert set(REASONS) >= UNCOUNTED
