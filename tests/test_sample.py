"""The logs that `footfall demo` reads: realistic, and the same every time."""

import gzip
import json
import re
from collections import Counter
from datetime import date, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from footfall.cli.sample import write_sample_logs

from .builders import ask

LAST_DAY = date(2026, 11, 22)
RESERVED = [ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    write_sample_logs(folder, LAST_DAY)
    return folder


@pytest.fixture(scope="module")
def lines(folder: Path) -> list[str]:
    return [line for path in sorted(folder.iterdir()) for line in path.read_text("utf-8").splitlines()]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def count(pattern: str, lines: list[str]) -> int:
    return sum(re.search(pattern, line) is not None for line in lines)


def test_the_same_arguments_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_sample_logs(tmp_path, LAST_DAY)

    assert contents(tmp_path) == contents(folder)


def test_another_seed_gives_other_lines_and_other_names(folder: Path, tmp_path: Path) -> None:
    write_sample_logs(tmp_path, LAST_DAY, seed=2)

    assert not contents(tmp_path).keys() & contents(folder).keys()


@pytest.mark.parametrize("days", [1, 2, 3, 31])
def test_it_says_how_many_lines_it_wrote_over_any_number_of_days(days: int, tmp_path: Path) -> None:
    told = write_sample_logs(tmp_path, LAST_DAY, days)

    written = [line for content in contents(tmp_path).values() for line in content.splitlines()]
    assert told == len(written)
    seen = {match[1] for line in written if (match := re.search(rb"\[(\d\d/\w{3}/\d{4}):", line))}
    assert len(seen) == days
    assert b"22/Nov/2026" in seen


def test_what_would_be_delivered_later_is_left_out(folder: Path, tmp_path: Path) -> None:
    write_sample_logs(tmp_path, LAST_DAY, until=datetime(2026, 11, 22, 12))

    written, all_of_it = contents(tmp_path), contents(folder)
    assert sorted(written) == sorted(name for name in all_of_it if name < "2026-11-22-12")
    assert sum(written[name] != all_of_it[name] for name in written) == 1  # the last has the line that is cut short


def test_ninety_days_are_a_sample_that_is_quick_to_read(lines: list[str]) -> None:
    assert 15_000 < len(lines) < 25_000


def test_every_file_has_the_form_of_name_that_s3_gives(folder: Path) -> None:
    for name in contents(folder):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d-[0-9A-F]{16}", name)


def test_every_address_is_reserved_for_documentation(lines: list[str]) -> None:
    addresses = {ip_address(line.split()[4]) for line in lines}

    assert {network for network in RESERVED for address in addresses if address in network} == set(RESERVED)
    assert all(any(address in network for network in RESERVED) for address in addresses)


def test_a_file_holds_nothing_from_after_its_delivery(folder: Path) -> None:
    for name, content in contents(folder).items():
        delivered = datetime.strptime(name[:19], "%Y-%m-%d-%H-%M-%S")
        times = re.findall(r"\[(\S+) \+0000\]", content.decode())

        assert max(datetime.strptime(time, "%d/%b/%Y:%H:%M:%S") for time in times) < delivered


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        ("the home page", r'WEBSITE\.GET\.OBJECT index\.html "GET / HTTP/1\.1" 200 '),
        (
            "a page whose name has a space, encoded twice",
            r' projects/garden%2520shed/index\.html "GET /projects/garden%20',
        ),
        ("a page whose name has a letter beyond ASCII", r" recipes/cr%25C3%25A8me-caramel/index\.html "),
        ("a page by its file's name", r" docs/install\.html "),
        ("assets", r" css/site\.css "),
        ("a visit from the place where an article went viral", '"https://news.ycombinator.com/"'),
        ("an internal referrer", r'"http://www\.example\.org/blog/'),
        ("an answer that the browser had", r'" 304 - - \d+ '),
        ("a folder without its slash", r' blog "GET /blog HTTP/1\.1" 302 Found 313 - '),
        ("a moved page", r' rss "GET /rss HTTP/1\.1" 301 '),
        ("a scanner", r" wp-login\.php .* 404 NoSuchKey "),
        ("part of a file", r'" 206 - \d+ \d+ '),
        ("an uptime check", r" WEBSITE\.HEAD\.OBJECT index\.html "),
        ("a deployment, signed", r" arn:aws:iam::\d{12}:user/deploy [0-9A-F]{16} REST\.PUT\.OBJECT .* SigV4 "),
        ("a crawler of an AI", r"\bGPTBot/"),
        ("quotes in an agent", '"the browser"'),
        ("quotes in a referrer", r'\?q="clay oven"" "Mozilla'),
        ("quotes in a request", r'/\?q="clay" HTTP/1\.1" 200 '),
    ],
)
def test_it_holds(kind: str, pattern: str, lines: list[str]) -> None:
    assert count(pattern, lines) > 0, kind


def test_records_have_26_fields_or_27(lines: list[str]) -> None:
    after_the_agent = Counter(len(line.rpartition('" ')[2].split()) for line in lines[:-1])

    assert after_the_agent.keys() == {26 - 17, 27 - 17}


def test_one_record_is_delivered_twice_and_one_line_is_cut_short(lines: list[str]) -> None:
    twice = [line for line, times in Counter(lines).items() if times > 1]

    assert len(twice) == 1
    assert lines.count(twice[0]) == 2
    assert len(lines) - count(r' HTTP/1\.1" \d{3} ', lines) == 1


def test_behind_cloudfront_readers_are_in_its_logs_with_their_countries(tmp_path: Path) -> None:
    told = write_sample_logs(tmp_path / "logs", LAST_DAY, until=datetime(2026, 11, 22, 12), days_behind_cdn=31)
    store = f"sqlite:{tmp_path}/footfall.db"

    imported = ask("import", tmp_path / "logs", "--store", store, "--json").json
    files = [gzip.decompress(path.read_bytes()) for path in (tmp_path / "logs").glob("*.gz")]
    edge = [json.loads(record) for content in files for record in content.splitlines()]

    assert imported["lines"] == told
    assert (imported["unreadable"], imported["dropped"]["duplicate"], imported["dropped"]["cdn"]) == (1, 1, 0)
    assert {row["date"] for row in edge} == {f"{LAST_DAY - timedelta(number)}" for number in range(31)}
    assert max(row["time"] for row in edge if row["date"] == f"{LAST_DAY}") < "12"
    assert all(any(ip_address(row["c-ip"]) in network for network in RESERVED) for row in edge)
    country_of = {row["c-ip"]: row["c-country"] for row in edge}
    assert all(country_of[row["c-ip"]] == row["c-country"] for row in edge)
    days = ask("history", "--store", store, "--json").series
    views = [day for day in days if day >= f"{LAST_DAY - timedelta(30)}"]
    countries = ask("top", "country", "--start", views[0], "--store", store, "--json").rows
    assert len(countries) >= 10
    assert "(unknown)" not in countries
    assert sum(countries.values()) == sum(days[day] for day in views)
    assert ask("pages", "--store", store, "--json").rows.keys() >= {
        "recipes/crème-caramel",
        "projects/garden shed",
        "docs/install.html",
    }


def test_one_day_stands_out(lines: list[str]) -> None:
    days = Counter(line.split("[")[1][:11] for line in lines)

    (viral, most), (_, second), *_ = days.most_common()

    assert viral == "24/Oct/2026"
    assert most > 2 * second
