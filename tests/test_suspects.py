"""`footfall suspects`: the signs that visitors behave like bots, in lines that are at hand. Nothing is counted or dropped."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from footfall.pageviews.ages import is_old_browser
from footfall.pageviews.behaviour import SIGNS

from .builders import CHROME, EDGE, FIREFOX, GOOGLEBOT, as_w3c, ask, edge, line, run, write_log

GOOGLE = "https://www.google.com/"
OLD_CHROME = CHROME.replace("142", "58")
ANDROID = "Mozilla/5.0 (Linux; Android 6.0.1; SM-G900F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/58.0 Mobile Safari/537.36"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11) AppleWebKit/601.1 (KHTML, like Gecko) Version/9.0 Safari/601.1"
COMBINED = '{} - - [20/Oct/2026:08:00:0{} +0000] "GET {} HTTP/{}" 200 100 "-" "{}"'


def page(reader: int, **more: Any) -> bytes:
    return line(remote_ip=f"198.51.100.{reader}", **more)


def style(reader: int, **more: Any) -> bytes:
    return line("a.css", remote_ip=f"198.51.100.{reader}", **more)


def signs_in(content: Iterable[bytes], here: Path) -> dict[str, list[str]]:
    """The signs of each visitor who has some, by the address."""
    (here / "a.log").write_bytes(b"\n".join(content))
    answer = ask("suspects", "a.log", "--json")
    assert answer.exit_code == 0, answer.stderr
    return {each["remote_ip"]: each["signs"] for each in answer.json["suspects"]}


def test_each_visitor_of_a_day_has_the_signs_that_are_in_its_requests(here: Path) -> None:
    robot = [page(2), style(2), line("robots.txt", remote_ip="198.51.100.2")]
    scanner = [page(3), style(3), *(line(f"wp-{number}.php", status=404, remote_ip="198.51.100.3") for number in range(4))]
    lost = [page(4), style(4), *(line(f"old/{number}.html", status=404, remote_ip="198.51.100.4") for number in range(5))]
    old = [page(5, agent=OLD_CHROME), style(5, agent=OLD_CHROME)]
    # A person; one whose picture was in the cache of the CDN; a bot of a known name; one who viewed no page.
    others = [
        page(1),
        style(1),
        page(6),
        style(6, status=304),
        page(7, agent=GOOGLEBOT),
        line("robots.txt", remote_ip="192.0.2.1"),
    ]

    found = signs_in([page(8), *robot, *scanner, *lost, *old, *others], here)

    assert found == {
        "198.51.100.2": ["robots.txt"],
        "198.51.100.3": ["probes"],
        "198.51.100.4": ["many missing"],
        "198.51.100.5": ["old browser"],
        "198.51.100.8": ["no files"],
    }


def test_http_1_0_is_a_sign_where_nothing_else_was_spoken(here: Path) -> None:
    asked = [("192.0.2.1", "1.0"), ("192.0.2.2", "1.1"), ("192.0.2.3", "1.0"), ("192.0.2.3", "1.1")]
    lines = [
        COMBINED.format(address, second, path, version, FIREFOX).encode()
        for second, (address, version) in enumerate(asked)
        for path in ("/a/", "/a.css")
    ]

    assert signs_in(lines, here) == {"192.0.2.1": ["HTTP/1.0"]}


def test_cloudfront_says_who_speaks_no_http_2_and_comes_from_rented_computers(here: Path) -> None:
    asked = [("192.0.2.1", "HTTP/1.1", "3320"), ("192.0.2.2", "HTTP/2.0", "16509"), ("192.0.2.3", "HTTP/3.0", "3320")]
    records = [
        {**edge(path), "x-edge-request-id": f"{address}{path}=", "c-ip": address, "cs-protocol": "https", "asn": network}
        | {"cs-protocol-version": version, "cs(User-Agent)": CHROME.replace(" ", "%20")}
        for address, version, network in asked
        for path in ("/blog/a/", "/a.css")
    ]

    found = signs_in([as_w3c(records, [*EDGE, "asn"])], here)

    assert found == {"192.0.2.1": ["no HTTP/2"], "192.0.2.2": ["data center"]}


def test_a_sign_that_people_have_is_shown_and_not_used(here: Path) -> None:
    readers = [page(reader, referrer=GOOGLE) for reader in range(10)]
    suspect = [page(20, agent=OLD_CHROME), page(20, agent=OLD_CHROME)]
    write_log(here / "logs", [*readers, *(style(reader) for reader in range(9)), *suspect])
    one_in_ten = ask("suspects", "logs", "--json").json
    write_log(here / "logs", [*readers, *(style(reader) for reader in range(8)), *suspect])
    text = run("suspects", "logs", "--limit", "1").stdout.splitlines()

    assert (one_in_ten["visitors"], one_in_ten["from_search"], one_in_ten["other_suspects"]) == (11, 10, 0)
    assert [each["sign"] for each in one_in_ten["signs"]] == [*SIGNS]
    assert one_in_ten["signs"][0] == {
        "sign": "no files", "visitors": 2, "from_search": 1, "is_used": True, "about": "Loaded no picture, style or script."
    }  # fmt: skip
    assert [(each["views"], each["signs"]) for each in one_in_ten["suspects"]] == [
        (2, ["no files", "old browser"]),
        (1, ["no files"]),
    ]
    assert text == [
        "Visitors  Share  From search  Sign",
        "       3    27%      2 of 10  no files (not used: people have it, too)",
        "       1     9%      0 of 10  old browser",
        "",
        "   Views  Files  Day         Signs        Address        User agent",
        f"       2      0  2026-10-20  old browser  198.51.100.20  {OLD_CHROME}",
        "",
        "1 of 11 visitors has a sign that is used",
    ]


def test_a_record_that_comes_twice_is_one_and_addresses_are_masked_where_they_are_elsewhere(here: Path) -> None:
    again = page(7)
    write_log(here / "logs", [again, again])
    write_log(here / "logs", [again], "2026-10-20-09-00-00-0000000000000009")

    (found,) = ask("suspects", "logs", "--json", "--mask-addresses", "true").json["suspects"]

    assert (found["views"], found["requests"], found["remote_ip"]) == (1, 1, "198.51.100.0")


def test_the_documents_name_each_sign() -> None:
    named = (Path(__file__).parents[1] / "docs/how-to/bots.md").read_text("utf-8")

    assert [name for name in SIGNS if f"| `{name}` |" not in named] == []


def test_where_nobody_is_suspect_it_says_so(here: Path) -> None:
    write_log(here / "logs", [page(1), style(1)])

    assert run("suspects", "logs").stdout == "no signs of a bot in 1 visitor\n"


@pytest.mark.parametrize(
    ("agent", "year", "is_old"),
    [
        (CHROME, 2026, False),
        (CHROME, 2032, True),
        (FIREFOX.replace("145", "83"), 2026, True),
        (FIREFOX.replace("145", "84"), 2026, False),
        ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1)", 2016, False),
        ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1)", 2017, True),
        (ANDROID, 2026, False),
        (SAFARI, 2026, False),
        (None, 2026, False),
    ],
)  # fmt: skip
def test_a_browser_on_a_computer_is_old_five_years_after_the_next_one(agent: str | None, year: int, is_old: bool) -> None:
    assert is_old_browser(agent, year) is is_old


def test_hardly_any_person_has_a_browser_that_old() -> None:
    people = (Path(__file__).parent / "agents/people.txt").read_text("utf-8").splitlines()

    old = [agent for agent in people if is_old_browser(agent, 2026)]

    assert len(old) <= len(people) / 100, old
